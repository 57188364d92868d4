import { describe, expect, test } from 'vitest';
import { type Authors, authorsOf, type FieldAuthors } from '../../../shared/analysis/authors.ts';
import { ledgerOf } from '../../../shared/analysis/ledger.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { isEdit, type StrategyId } from '../../../shared/history/record.ts';
import { apartHistory } from '../../support/apart-history.ts';
import { ApartRoom } from '../../support/simulated-room.ts';

const start = (): Promise<ApartRoom> => ApartRoom.open(['A', 'B'], { strategies: ['crdt', 'last-writer-wins'] });

function authors(room: ApartRoom, viewer: string, since: VersionVector = VersionVector.empty): Authors {
  return runWhole(authorsOf(room.ledger(viewer), room.schema, ['crdt', 'last-writer-wins'], since));
}

/** "A:Rome" for each part, "-" for what nobody wrote since, "A?" where it is pending. */
function partsOf(field: FieldAuthors | undefined): string[] {
  if (field?.kind !== 'text') throw new Error('a text was expected');
  let at = 0;
  return field.runs.map(({ length, author }) => {
    at += length;
    return `${author ? `${author.replica}${author.isPending ? '?' : ''}` : '-'}:${field.text.slice(at - length, at)}`;
  });
}

describe('who wrote what a window shows', () => {
  test('a text tells it character by character, also where two wrote into one place', async () => {
    const room = await start();
    room.edit('A', 'notes', { kind: 'splice', index: 0, removed: '', inserted: 'We meet on Monday' });
    await room.meet();
    const since = room.at('A').replica.clock;
    room.edit('A', 'notes', { kind: 'splice', index: 11, removed: 'Monday', inserted: 'Friday' });
    room.edit('B', 'notes', { kind: 'splice', index: 11, removed: 'Monday', inserted: 'Tuesday' });
    expect(partsOf(authors(room, 'A', since).crdt?.['notes'])).toEqual(['-:We meet on ', 'A?:Friday']);
    await room.meet();
    const { crdt, 'last-writer-wins': wins } = authors(room, 'A', since);
    expect(partsOf(crdt?.['notes']).sort()).toEqual(['-:We meet on ', 'A:Friday', 'B:Tuesday']);
    expect(partsOf(wins?.['notes'])).toEqual(['-:We meet on ', 'B:Tuesday']);
  });

  test('a register by its writer, a sum by each author, elements and items by who brought or changed them', async () => {
    const room = await start();
    room.edit('A', 'title', { kind: 'set', value: 'Rome' });
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    room.edit('A', 'votes', { kind: 'increment', by: 1 });
    room.edit('B', 'votes', { kind: 'increment', by: 1 });
    room.edit('B', 'tags', { kind: 'add', element: 'paris' });
    room.edit('B', 'tasks', { kind: 'insert', after: null, label: 'Pack' });
    await room.meet();
    const { crdt, 'last-writer-wins': wins } = authors(room, 'B');
    const [a, b] = ['A', 'B'].map((replica) => ({ replica, isPending: false }));
    expect(crdt).toMatchObject({
      title: { kind: 'value', author: a },
      votes: { kind: 'sum', value: 3, steps: [{ author: a, sum: 2 }, { author: b, sum: 1 }] },
      tags: { kind: 'parts', parts: { paris: { author: b, isMoved: false } } },
      tasks: { kind: 'parts', parts: { 'B:3': { author: b, isMoved: false } } },
    });
    expect(wins?.['votes']).toMatchObject({ kind: 'sum', value: 1, steps: [{ author: b, sum: 1 }] });
    expect(authors(room, 'B', room.at('B').replica.clock).crdt).toMatchObject({ title: { author: null }, votes: { steps: [] }, tags: { parts: {} } });
  });

  test.each([1, 2, 3].map(() => Math.floor(Math.random() * 2 ** 31)))('of any history: characters were typed by whom the line names, and steps add up (seed %i)', (seed) => {
    const { schema, records, doc, everywhere } = apartHistory(600, seed);
    const strategies: readonly StrategyId[] = ['crdt', 'quorum', 'consensus', 'single-leader'];
    const ledger = ledgerOf({ schema, records, crdt: doc, strategies, everywhere });
    const found = runWhole(authorsOf(ledger, schema, strategies, VersionVector.empty));
    const typedBy = new Map<string, Set<string>>();
    for (const { dot, intent } of records.filter(isEdit)) {
      const typed = intent.kind === 'splice' ? intent.inserted : intent.kind === 'resolve' ? String(intent.value) : '';
      for (const character of typed) (typedBy.get(dot.replica) ?? typedBy.set(dot.replica, new Set()).get(dot.replica)!).add(character);
    }
    for (const strategy of strategies) {
      for (const field of schema) {
        const told = found[strategy]![field.id]!;
        // What the copies said of the coordinated strategies is made up there.
        if (told.kind === 'sum' && strategy === 'crdt') expect(told.steps.reduce((sum, step) => sum + step.sum, field.initial as number), `${strategy} ${field.id}`).toBe(told.value);
        if (told.kind !== 'text') continue;
        expect(told.runs.reduce((sum, { length }) => sum + length, 0), strategy).toBe(told.text.length);
        let at = 0;
        for (const { length, author } of told.runs) {
          for (const character of author ? told.text.slice(at, at + length) : '') expect(typedBy.get(author!.replica)).toContain(character);
          at += length;
        }
      }
    }
  });
});
