/** Touching edits: the cases of the definition, and the definition itself, word by word, on random texts. */
import { describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { dotKey } from '../../../shared/clocks/dot.ts';
import type { LedgerAction } from '../../../shared/analysis/fates/fate.ts';
import { detailsOf } from '../../../shared/analysis/fates/yjs-witness.ts';
import { roomLedger } from '../../../shared/analysis/room-ledger.ts';
import { runWhole } from '../../../shared/analysis/slices.ts';
import { touchingPlaces } from '../../../shared/analysis/touching.ts';
import { defaultStrategySettings } from '../../../shared/strategies/registry.ts';
import type { Schema } from '../../../shared/document/schema.ts';
import type { EditRecord } from '../../../shared/history/record.ts';
import { SeededRandom } from '../../../shared/network/seeded-random.ts';
import { SimulatedRoom } from '../../../shared/simulation/simulated-room.ts';

const schema: Schema = [{ id: 'notes', type: 'text', label: 'Notes', initial: 'On Monday at four.' }];

async function opened(seed: number): Promise<SimulatedRoom> {
  return SimulatedRoom.open({ schema, replicas: ['A', 'B', 'C'], strategies: ['crdt'], settings: defaultStrategySettings, seed });
}

/** Replaces the text by another one, at the replica, as one action. */
function write(room: SimulatedRoom, at: string, removed: string, inserted: string, after = ''): void {
  const { replica } = room.at(at);
  const text = replica.value('crdt', 'notes') as string;
  replica.perform('notes', { kind: 'splice', index: after === '' ? text.indexOf(removed) : text.indexOf(after) + after.length, removed, inserted }, { column: 'crdt', continues: false });
}

async function healed(room: SimulatedRoom) {
  await room.heal();
  await room.quiet();
  const records = room.records();
  const { actions } = roomLedger(schema, records, room.relay.document, room.everywhere, { siblings: defaultStrategySettings.siblings, enabled: ['crdt'] });
  const found = runWhole(touchingPlaces(schema, actions, room.relay.document));
  const places = found.map(({ actions: keys }) => [...keys].sort());
  return { actions, places, parts: found.map(({ parts }) => parts), text: room.at('A').replica.value('crdt', 'notes') as string, doc: room.relay.document };
}

const cases: readonly (readonly [name: string, edits: readonly (readonly [at: string, removed: string, inserted: string, after?: string])[], places: readonly string[][]])[] = [
  ['both wrote at one place', [['A', '', ' sharp', 'four'], ['B', '', ' pm', 'four']], [['A:1', 'B:1']]],
  ['both replaced one word', [['A', 'Monday', 'Friday'], ['B', 'Monday', 'Tuesday']], [['A:1', 'B:1']]],
  ['one wrote inside what the other replaced', [['A', '', '-', 'Mon'], ['B', 'Monday', 'Friday']], [['A:1', 'B:1']]],
  ['three at one place are one place', [['A', 'Monday', 'Friday'], ['B', 'Monday', 'Tuesday'], ['C', '', '!', 'Mon']], [['A:1', 'B:1', 'C:1']]],
  ['two places', [['A', 'Monday', 'Friday'], ['B', 'Monday', 'Tuesday'], ['A', '', ' sharp', 'four'], ['C', '', ' pm', 'four']], [['A:1', 'B:1'], ['A:2', 'C:1']]],
  ['at different places', [['A', '', ' sharp', 'four'], ['B', 'Monday', 'Friday']], []],
  ['one only removed', [['A', '', '-', 'Mon'], ['B', 'Monday', '']], []],
  ['one person alone', [['A', '', ' sharp', 'four'], ['A', '', '!', 'four']], []],
];

describe('places where two people wrote apart', () => {
  test.each(cases)('%s', async (_name, edits, expected) => {
    const room = await opened(1);
    for (const { id } of room.replicas) room.at(id).setOnline(false);
    for (const [at, removed, inserted, after] of edits) write(room, at, removed, inserted, after);
    expect((await healed(room)).places).toEqual(expected);
  });

  test('who had seen the other does not touch them', async () => {
    const room = await opened(1);
    write(room, 'A', '', ' sharp', 'four');
    await room.quiet();
    write(room, 'B', '', ' pm', 'four');
    expect((await healed(room)).places).toEqual([]);
  });

  test('what somebody erased since touches nothing any more', async () => {
    const room = await opened(1);
    for (const { id } of room.replicas) room.at(id).setOnline(false);
    write(room, 'A', 'Monday', 'Friday');
    write(room, 'B', 'Monday', 'Tuesday');
    expect((await healed(room)).places).toHaveLength(1);
    write(room, 'C', 'Friday', '');
    expect((await healed(room)).places).toEqual([]);
  });
});

describe('the parts of a place', () => {
  test('tell who wrote what, and where it stands now', async () => {
    const room = await opened(1);
    for (const { id } of room.replicas) room.at(id).setOnline(false);
    write(room, 'A', 'Monday', 'Friday');
    write(room, 'B', 'Monday', 'Tuesday');
    const { parts: [parts], text } = await healed(room);
    expect(parts!.map(({ author, text: written }) => [author, written]).sort()).toEqual([['A', 'Friday'], ['B', 'Tuesday']]);
    for (const { index, text: written } of parts!) expect(text.slice(index, index + written.length)).toBe(written);
    expect(parts![0]!.index).toBe('On '.length);
    expect(parts![1]!.index).toBe(parts![0]!.index + parts![0]!.text.length);
  });

  test('one author may have two, with the other one between', async () => {
    const room = await opened(1);
    for (const { id } of room.replicas) room.at(id).setOnline(false);
    write(room, 'A', '', ' sharp', 'four');
    write(room, 'B', '', ' pm', 'four');
    await healed(room);
    const [text] = [room.at('A').replica.value('crdt', 'notes') as string];
    const first = text.includes('four sharp') ? ' sharp' : ' pm';
    write(room, 'C', '', '!', `four${first.slice(0, 2)}`);
    const { parts: [parts], text: now } = await healed(room);
    expect(parts).toHaveLength(3);
    expect(parts!.map(({ author }) => author)).not.toContain('C');
    for (const { index, text: written } of parts!) expect(now.slice(index, index + written.length)).toBe(written);
  });
});

interface Character {
  readonly maker: LedgerAction | null;
  readonly removers: readonly LedgerAction[];
  readonly isShown: boolean;
}

const recordOf = ({ rows }: LedgerAction): EditRecord => rows[0]!.record;
const sees = (a: LedgerAction, b: LedgerAction): boolean => a === b || recordOf(a).context.includes(recordOf(b).dot);

function charactersOf(actions: readonly LedgerAction[], doc: Y.Doc): Character[] {
  const found: Character[] = [];
  const covers = ({ client, clock, length }: { client: number; clock: number; length: number }, atClient: number, at: number): boolean => client === atClient && clock <= at && at < clock + length;
  for (let item = doc.getText('notes')._start; item; item = item.right) {
    for (let at = item.id.clock; at < item.id.clock + item.length; at++) {
      const { client } = item.id;
      const maker = actions.find((action) => covers(detailsOf(recordOf(action))!.created, client, at)) ?? null;
      found.push({ maker, removers: actions.filter((action) => detailsOf(recordOf(action))!.deleted.some((range) => covers(range, client, at))), isShown: !item.deleted });
    }
  }
  return found;
}

/** By the words of the definition, for each pair; then what is joined. */
function byForce(actions: readonly LedgerAction[], doc: Y.Doc): string[][] {
  const characters = charactersOf(actions, doc);
  const touches = (x: LedgerAction, y: LedgerAction): boolean => {
    if (recordOf(x).dot.replica === recordOf(y).dot.replica || sees(x, y) || sees(y, x)) return false;
    const both = (each: LedgerAction): boolean => sees(x, each) && sees(y, each);
    const isCommon = ({ maker, removers }: Character): boolean => (maker === null || both(maker)) && !removers.some(both);
    const gaps = (of: LedgerAction): number[] => characters.flatMap(({ maker, isShown }, at) => (maker === of && isShown ? [characters.slice(0, at).filter(isCommon).length] : []));
    const [gapsX, gapsY] = [gaps(x), gaps(y)];
    if (gapsX.length === 0 || gapsY.length === 0) return false;
    const common = characters.filter(isCommon);
    const isInside = (gap: number, of: LedgerAction): boolean => gap > 0 && gap < common.length && common[gap - 1]!.removers.includes(of) && common[gap]!.removers.includes(of);
    return gapsX.some((gap) => gapsY.includes(gap)) || common.some(({ removers }) => removers.includes(x) && removers.includes(y)) || gapsX.some((gap) => isInside(gap, y)) || gapsY.some((gap) => isInside(gap, x));
  };
  const groups: LedgerAction[][] = actions.map((action) => [action]);
  for (const x of actions) for (const y of actions) {
    const [one, other] = [groups.find((group) => group.includes(x))!, groups.find((group) => group.includes(y))!];
    if (one !== other && touches(x, y)) one.push(...groups.splice(groups.indexOf(other), 1)[0]!);
  }
  return groups.filter(({ length }) => length > 1).map((group) => group.map(({ key }) => key).sort()).sort();
}

test('by brute force: each pair of actions of random texts, cut and healed twice', async () => {
  const seed = Date.now() % 1e9;
  let touching = 0;
  for (let run = 0; run < 60; run++) {
    const random = new SeededRandom(seed + run);
    const room = await opened(1 + run);
    for (let round = 0; round < 2; round++) {
      for (const { id } of room.replicas) if (random.chance(0.7)) room.at(id).setOnline(false);
      for (let edit = 0; edit < 5; edit++) {
        const { replica, id } = room.at(random.pick(['A', 'B', 'C']));
        const text = replica.value('crdt', 'notes') as string;
        const index = random.below(Math.min(text.length, 8) + 1);
        replica.perform('notes', { kind: 'splice', index, removed: text.slice(index, index + random.below(4)), inserted: random.chance(0.8) ? `${id.toLowerCase()}${edit}` : '' }, { column: 'crdt', continues: false });
        if (random.chance(0.2)) await room.quiet();
      }
      await room.heal();
      await room.quiet();
    }
    const { actions, places, doc, text } = await healed(room);
    const expected = byForce(actions, doc);
    touching += expected.length;
    expect(places.map((keys) => [...keys].sort()).sort(), `seed ${seed + run}, text ${JSON.stringify(text)}, ${actions.map((action) => `${dotKey(recordOf(action).dot)} ${JSON.stringify(recordOf(action).intent)}`).join('; ')}`).toEqual(expected);
  }
  expect(touching).toBeGreaterThan(20);
}, 60_000);
