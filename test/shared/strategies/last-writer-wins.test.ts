import { describe, expect, test } from 'vitest';
import { SimulatedLab } from '../../support/simulated-lab.ts';

const set = (value: string) => ({ kind: 'set', value }) as const;
const plusOne = { kind: 'increment', by: 1 } as const;
const typed = (index: number, inserted: string) => ({ kind: 'splice', index, removed: '', inserted }) as const;

function lwwFate(lab: SimulatedLab, dot: string) {
  return lab.ledger('A').rows.find((row) => `${row.record.dot.replica}:${row.record.dot.counter}` === dot)?.fates['last-writer-wins'];
}

function valueAt(lab: SimulatedLab, name: string, field: string) {
  return lab.at(name).lastWriterWins.value(field);
}

describe('last writer wins', () => {
  test('[LWW1] the greatest timestamp is the value, the other one is gone', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    expect([valueAt(lab, 'A', 'votes'), valueAt(lab, 'B', 'votes')]).toEqual([2, 2]);
    expect(lwwFate(lab, 'A:1')).toMatchObject({ disposition: 'lost', reason: 'concurrent', cause: { replica: 'B', counter: 2 } });
    expect(lwwFate(lab, 'B:1')).toMatchObject({ disposition: 'visible' });
  });

  test('[LWW2] wall clocks are taken as they are, wrong ones too', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', set('early, but the clock is 5 min ahead'));
    lab.edit('B', 'title', set('late'));
    await lab.heal();
    expect(valueAt(lab, 'B', 'title')).toBe('early, but the clock is 5 min ahead');
    expect(lwwFate(lab, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'skew' });
  });

  test('[LWW3] a tie goes to the higher replica id; within one replica to the later write', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.at('A').replica.perform('title', set('from A'));
    lab.at('B').replica.perform('title', set('from B, first'));
    lab.at('B').replica.perform('title', set('from B, second'));
    await lab.heal();
    expect(valueAt(lab, 'A', 'title')).toBe('from B, second');
  });

  test('[LWW4] a write below the value that its writer saw has no effect, and is lost though it was later', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', set('from the future'));
    await lab.heal();
    lab.edit('B', 'title', set('B has seen it and writes on'));
    expect(valueAt(lab, 'B', 'title')).toBe('from the future');
    await lab.heal();
    expect(lwwFate(lab, 'B:1')).toMatchObject({ disposition: 'lost', reason: 'skew', cause: { replica: 'A', counter: 1 } });
  });

  test('[LWW5] with a hybrid logical clock the later of two edits wins, however wrong the clock', async () => {
    const lab = await SimulatedLab.start(['A', 'B'], { settings: { granularity: 'field', clock: 'hybrid' } });
    lab.at('A').replica.skewMs = 300_000;
    lab.edit('A', 'title', set('from the future'));
    await lab.heal();
    lab.edit('B', 'title', set('B has seen it and writes on'));
    await lab.heal();
    expect(valueAt(lab, 'A', 'title')).toBe('B has seen it and writes on');
    expect(lwwFate(lab, 'A:1')).toMatchObject({ disposition: 'superseded', cause: { replica: 'B', counter: 1 } });
  });

  test('[LWW6] by field both edits of different fields survive; by document one is lost with its whole row', async () => {
    for (const granularity of ['field', 'document'] as const) {
      const lab = await SimulatedLab.start(['A', 'B'], { settings: { granularity, clock: 'wall' } });
      lab.edit('A', 'votes', plusOne);
      lab.edit('B', 'title', set('Rome'));
      await lab.heal();
      expect(valueAt(lab, 'A', 'votes'), granularity).toBe(granularity === 'field' ? 1 : 0);
      expect(valueAt(lab, 'A', 'title')).toBe('Rome');
      expect(lwwFate(lab, 'A:1')?.disposition).toBe(granularity === 'field' ? 'visible' : 'lost');
    }
  });

  test('[LWW7] a lost edit stays lost when somebody who received it, but did not keep it, writes on', async () => {
    const lab = await SimulatedLab.start(['A', 'B', 'C']);
    lab.edit('A', 'votes', plusOne);
    lab.edit('B', 'votes', plusOne);
    await lab.heal();
    lab.edit('C', 'votes', plusOne);
    await lab.heal();
    expect(valueAt(lab, 'A', 'votes')).toBe(2);
    expect(lwwFate(lab, 'A:1')).toMatchObject({ disposition: 'lost', cause: { replica: 'B', counter: 1 } });
    expect(lwwFate(lab, 'C:1')).toMatchObject({ disposition: 'visible' });
  });

  test('text is lost by the character: the whole losing branch, and nothing of the winning one', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    for (const [i, char] of [...'hello'].entries()) lab.edit('A', 'notes', typed(i, char));
    for (const [i, char] of [...'you'].entries()) lab.edit('B', 'notes', typed(i, char));
    await lab.heal();
    const [, totals] = lab.ledger('A').totals;
    expect(totals).toMatchObject({ strategy: 'last-writer-wins', charactersTyped: 8, charactersLost: 5, lost: 1, kept: 1 });
    expect(valueAt(lab, 'A', 'notes')).toBe('you');
  });

  test('a long text and a branch from far back are rebuilt from the intents', async () => {
    const lab = await SimulatedLab.start(['A', 'B']);
    for (let i = 0; i < 300; i++) lab.edit('A', 'notes', typed(i, String(i % 10)));
    await lab.heal();
    lab.offline('B');
    for (let i = 300; i < 600; i++) lab.edit('A', 'notes', typed(i, String(i % 10)));
    lab.edit('B', 'notes', typed(0, 'B was here. '));
    await lab.heal();
    expect(valueAt(lab, 'A', 'notes')).toBe(`B was here. ${Array.from({ length: 300 }, (_, i) => i % 10).join('')}`);
    expect(valueAt(lab, 'B', 'notes')).toBe(valueAt(lab, 'A', 'notes'));
  });
});
