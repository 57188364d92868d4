import { describe, expect, test } from 'vitest';
import { ApartRoom } from '../../support/simulated-room.ts';

const set = (value: string) => ({ kind: 'set', value }) as const;
const plusOne = { kind: 'increment', by: 1 } as const;
const typed = (index: number, inserted: string) => ({ kind: 'splice', index, removed: '', inserted }) as const;

function lwwFate(room: ApartRoom, dot: string) {
  return room.ledger('A').rows.find((row) => `${row.record.dot.replica}:${row.record.dot.counter}` === dot)?.fates['last-writer-wins'];
}

function valueAt(room: ApartRoom, name: string, field: string) {
  return room.at(name).strategies.lastWriterWins.value(field);
}

describe('last writer wins', () => {
  test('[LWW1] the greatest timestamp is the value, the other one is gone', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    expect([valueAt(room, 'A', 'votes'), valueAt(room, 'B', 'votes')]).toEqual([2, 2]);
    expect(lwwFate(room, 'A:1')).toMatchObject({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 2 } });
    expect(lwwFate(room, 'B:1')).toMatchObject({ disposition: 'visible' });
  });

  test('[LWW2] wall clocks are taken as they are, wrong ones too', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', set('early, but the clock is 5 min ahead'));
    room.edit('B', 'title', set('late'));
    await room.meet();
    expect(valueAt(room, 'B', 'title')).toBe('early, but the clock is 5 min ahead');
    expect(lwwFate(room, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'skew' });
  });

  test('[LWW3] a tie goes to the higher replica id; within one replica to the later write', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.at('A').replica.perform('title', set('from A'));
    room.at('B').replica.perform('title', set('from B, first'));
    room.at('B').replica.perform('title', set('from B, second'));
    await room.meet();
    expect(valueAt(room, 'A', 'title')).toBe('from B, second');
  });

  test('[LWW4] a write below the value that its writer saw has no effect, and is lost though it was later', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', set('from the future'));
    await room.meet();
    room.edit('B', 'title', set('B has seen it and writes on'));
    expect(valueAt(room, 'B', 'title')).toBe('from the future');
    await room.meet();
    expect(lwwFate(room, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'skew', cause: { replica: 'A', counter: 1 } });
  });

  test('[LWW5] with a hybrid logical clock the later of two edits wins, however wrong the clock', async () => {
    const room = await ApartRoom.open(['A', 'B'], { settings: { lastWriterWins: { granularity: 'field', clock: 'hybrid' } } });
    room.at('A').replica.skewMs = 300_000;
    room.edit('A', 'title', set('from the future'));
    await room.meet();
    room.edit('B', 'title', set('B has seen it and writes on'));
    await room.meet();
    expect(valueAt(room, 'A', 'title')).toBe('B has seen it and writes on');
    expect(lwwFate(room, 'A:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
  });

  test('[LWW6] by field both edits of different fields survive; by document one is lost with its whole row', async () => {
    for (const granularity of ['field', 'document'] as const) {
      const room = await ApartRoom.open(['A', 'B'], { settings: { lastWriterWins: { granularity, clock: 'wall' } } });
      room.edit('A', 'votes', plusOne);
      room.edit('B', 'title', set('Rome'));
      await room.meet();
      expect(valueAt(room, 'A', 'votes'), granularity).toBe(granularity === 'field' ? 1 : 0);
      expect(valueAt(room, 'A', 'title')).toBe('Rome');
      expect(lwwFate(room, 'A:1')?.disposition).toBe(granularity === 'field' ? 'visible' : 'lost');
    }
  });

  test('[LWW7] a lost edit stays lost when somebody who received it, but did not keep it, writes on', async () => {
    const room = await ApartRoom.open(['A', 'B', 'C']);
    room.edit('A', 'votes', plusOne);
    room.edit('B', 'votes', plusOne);
    await room.meet();
    room.edit('C', 'votes', plusOne);
    await room.meet();
    expect(valueAt(room, 'A', 'votes')).toBe(2);
    expect(lwwFate(room, 'A:1')).toMatchObject({ disposition: 'lost', cause: { replica: 'B', counter: 1 } });
    expect(lwwFate(room, 'C:1')).toMatchObject({ disposition: 'visible' });
  });

  test('text is lost by the character: the whole losing branch, and nothing of the winning one', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    for (const [i, char] of [...'hello'].entries()) room.edit('A', 'notes', typed(i, char));
    for (const [i, char] of [...'you'].entries()) room.edit('B', 'notes', typed(i, char));
    await room.meet();
    const [, totals] = room.ledger('A').totals;
    expect(totals).toMatchObject({ strategy: 'last-writer-wins', charactersTyped: 8, charactersLost: 5, lost: 1, kept: 1 });
    expect(valueAt(room, 'A', 'notes')).toBe('you');
  });

  test('a long text and a branch from far back are rebuilt from the intents', async () => {
    const room = await ApartRoom.open(['A', 'B']);
    for (let i = 0; i < 300; i++) room.edit('A', 'notes', typed(i, String(i % 10)));
    await room.meet();
    for (let i = 300; i < 600; i++) room.edit('A', 'notes', typed(i, String(i % 10)));
    room.edit('B', 'notes', typed(0, 'B was here. '));
    await room.meet();
    expect(valueAt(room, 'A', 'notes')).toBe(`B was here. ${Array.from({ length: 300 }, (_, i) => i % 10).join('')}`);
    expect(valueAt(room, 'B', 'notes')).toBe(valueAt(room, 'A', 'notes'));
  });
});
