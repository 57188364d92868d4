import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import type { ListIntent } from '../../../../shared/document/intent.ts';
import type { ListItem, Schema } from '../../../../shared/document/schema.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { orderKeyBetween } from '../../../../shared/strategies/yjs/order-key.ts';
import { YjsStrategy } from '../../../../shared/strategies/yjs/yjs-strategy.ts';

const schema: Schema = [
  { id: 'tasks', type: 'list', label: 'Tasks', initial: ['one', 'two', 'three'].map((label) => ({ id: label, label, done: false })) },
];

/** One replica's copy of the list. Items are named by the dots that made them. */
class ListCopy {
  private counter = 0;
  readonly strategy: YjsStrategy;

  constructor(readonly name: string, clientId: number) {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    this.strategy = new YjsStrategy(schema, doc);
  }

  get ids(): string[] {
    return (this.strategy.value('tasks') as readonly ListItem[]).map(({ id }) => id);
  }

  get orderKeys(): string[] {
    return [...this.strategy.doc.getMap('tasks').entries()].flatMap(([key, value]) => (key.endsWith('|order') ? [value as string] : []));
  }

  perform(intent: ListIntent): string {
    const dot = { replica: this.name, counter: ++this.counter };
    this.strategy.perform({ dot, context: VersionVector.empty, field: 'tasks', intent, wallMs: 0, hybrid: { ms: 0, counter: 0 } });
    return `${dot.replica}:${dot.counter}`;
  }

  insert(after: string | null): string {
    return this.perform({ kind: 'insert', after, label: '' });
  }
}

function exchange(copies: readonly ListCopy[]): void {
  for (const to of copies) for (const from of copies) if (from !== to) to.strategy.receive(from.strategy.delta(to.strategy.summary()));
}

function listCopies(count: number): ListCopy[] {
  return ['B', 'A', 'C.2'].slice(0, count).map((name, i) => new ListCopy(name, 100 + i));
}

type Direction = 'forward' | 'backward' | 'anywhere';

/** Inserts (or moves there, where items are given) a run after one item. Returns its items in the order of the list. */
function makeRun(copy: ListCopy, anchor: string | null, direction: Direction, random: SeededRandom, moved: readonly string[] | null): string[] {
  const run: string[] = [];
  for (let i = 0; i < (moved?.length ?? 4); i++) {
    const at = direction === 'forward' ? run.length : direction === 'backward' ? 0 : random.below(run.length + 1);
    const after = at === 0 ? anchor : run[at - 1]!;
    run.splice(at, 0, moved ? (copy.perform({ kind: 'move', item: moved[i]!, after }), moved[i]!) : copy.insert(after));
  }
  return run;
}

/** A list that all copies share: built by all of them, in all directions, with removals and meetings in between. */
function makeHistory(copies: readonly ListCopy[], random: SeededRandom): void {
  for (let i = random.below(30); i > 0; i--) {
    const copy = random.pick(copies);
    const [item, after] = [random.pick(copy.ids), random.chance(0.2) ? null : random.pick(copy.ids)];
    if (random.chance(0.15) && copy.ids.length > 3) copy.perform({ kind: 'remove-item', item });
    else if (random.chance(0.2) && item !== after) copy.perform({ kind: 'move', item, after });
    else copy.insert(random.chance(0.4) ? copy.ids.at(-1)! : after);
    if (random.chance(0.4)) exchange(copies);
  }
  exchange(copies);
}

describe('the order of a list', () => {
  test.each(['forward', 'backward', 'anywhere'] as const)('[YJS10] runs inserted %s at one place by 2 and 3 replicas stay together', (direction) => {
    for (const [count, anchor] of [[2, 'one'], [3, 'one'], [2, null], [3, null], [2, 'three'], [3, 'three']] as const) {
      const copies = listCopies(count);
      const runs = copies.map((copy) => makeRun(copy, anchor, direction, new SeededRandom(count), null));
      exchange(copies);
      for (const { ids } of copies) {
        expect(ids).toEqual(copies[0]!.ids);
        for (const run of runs) expect(ids.join(' ')).toContain(run.join(' '));
      }
    }
  });

  test('[YJS10] concurrent runs stay together in lists of any history, inserted or moved, in any direction', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = new SeededRandom(seed);
      const copies = listCopies(2 + random.below(2));
      makeHistory(copies, random);
      const pools = copies.map((copy) => (random.chance(0.4) ? [1, 2, 3].map(() => copy.insert(copy.ids.at(-1)!)) : null));
      const anchor = random.chance(0.15) ? null : random.pick(copies[0]!.ids.filter((id) => !pools[0]?.includes(id)));
      exchange(copies);
      const runs = copies.map((copy, i) => makeRun(copy, anchor, random.pick(['forward', 'backward', 'anywhere']), random, pools[i]!));
      exchange(copies);
      for (const { ids } of copies) {
        expect(ids, `seed ${seed}`).toEqual(copies[0]!.ids);
        expect(new Set(ids).size, `seed ${seed}: an item twice`).toBe(ids.length);
        for (const run of runs) expect(ids.join(' '), `seed ${seed}`).toContain(run.join(' '));
      }
    }
  });

  test('an item goes right after the one that it names, whatever the list has been through', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new SeededRandom(seed);
      const copies = listCopies(3);
      makeHistory(copies, random);
      for (let i = 0; i < 10; i++) {
        const copy = random.pick(copies);
        const before = copy.ids;
        const at = random.below(before.length + 1);
        const made = copy.insert(before[at - 1] ?? null);
        expect(copy.ids, `seed ${seed}`).toEqual([...before.slice(0, at), made, ...before.slice(at)]);
        exchange(copies);
      }
    }
  });

  test('there is always a key between two, and it sorts there, also among keys of an earlier version', () => {
    const random = new SeededRandom(7);
    const keys = ['01V', '02V', '02VV1cV', 'V', 'VabV', 'VabVV00V'];
    for (let i = 0; i < 2_000; i++) {
      const at = random.below(keys.length + 1);
      keys.splice(at, 0, orderKeyBetween(keys[at - 1] ?? null, keys[at] ?? null, { replica: random.pick(['A', 'A.2', 'AA', 'z_-']), counter: i + 1 }));
    }
    expect([...keys].sort()).toEqual(keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a list that an earlier version stored keeps its order, and new items go between', () => {
    const [copy] = listCopies(1);
    const map = copy!.strategy.doc.getMap('tasks');
    for (const [id, order] of [['old1', '0001VcFV'], ['old2', 'V2xV'], ['old3', 'V2xV'], ['old4', 'V2xVV9eV'], ['old5', 'k0aV']] as const) {
      map.set(id, true);
      map.set(`${id}|order`, order);
    }
    const before = ['old1', 'one', 'two', 'three', 'old2', 'old3', 'old4', 'old5'];
    expect(copy!.ids).toEqual(before);
    for (const id of before) copy!.insert(id);
    const first = copy!.insert(null);
    // Two items that share a key of the earlier version are one place: what follows the first follows both.
    const after = [first, 'old1', 'B:1', 'one', 'B:2', 'two', 'B:3', 'three', 'B:4', 'old2', 'old3', 'B:6', 'B:5', 'old4', 'B:7', 'old5', 'B:8'];
    expect(copy!.ids).toEqual(after);
  });

  test('keys of other programs are taken as they are', () => {
    for (const strange of ['', '.', ';', '.A,a1', '.A,a1:', 'x.A,a1;;', '\u0000', 'é.😀,a1;']) {
      expect(orderKeyBetween(strange, null, { replica: 'A', counter: 1 }) > strange).toBe(true);
      expect(typeof orderKeyBetween(null, strange, { replica: 'A', counter: 1 })).toBe('string');
    }
  });

  test('keys stay short when a list is built in one direction, or in turns', () => {
    const lengths = (perform: (copies: readonly ListCopy[], i: number) => void, count: number): number => {
      const copies = listCopies(2);
      for (let i = 0; i < count; i++) perform(copies, i);
      return Math.max(...copies[0]!.orderKeys.map((key) => key.length), ...copies[1]!.orderKeys.map((key) => key.length));
    };
    const inTurns = (insert: (copy: ListCopy) => void) => (copies: readonly ListCopy[], i: number): void => {
      insert(copies[i % 2]!);
      exchange(copies);
    };
    const append = (copy: ListCopy): void => void copy.insert(copy.ids.at(-1)!);
    expect(lengths(([copy]) => append(copy!), 1_000)).toBeLessThanOrEqual(12);
    expect(lengths(([copy]) => void copy!.insert(null), 1_000)).toBeLessThanOrEqual(12);
    expect(lengths(([copy]) => void copy!.insert('one'), 1_000)).toBeLessThanOrEqual(12);
    expect(lengths(inTurns(append), 200)).toBeLessThanOrEqual(18);
    expect(lengths(inTurns((copy) => void copy.insert(null)), 200)).toBeLessThanOrEqual(18);
    expect(lengths(inTurns((copy) => void copy.insert('one')), 200)).toBeLessThanOrEqual(18);
  });
});
