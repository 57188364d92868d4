/** Small random histories of registers, counters and stocks, right and wrong ones; and large ones that are linearizable because they were made so. */
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import type { Operation, Value } from '../../../../shared/analysis/verdicts/operation.ts';
import { counterOf, stockOf } from '../../../../shared/analysis/verdicts/specification.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';

export interface Shape {
  readonly operations: number;
  readonly sessions: number;
  readonly fields: number;
  /** Whether each write writes another value. */
  readonly unique: boolean;
  readonly openPart?: number;
  readonly namesWrites?: boolean;
  /** 'instant': all at nearly one time. 'long': much overlap. */
  readonly pace?: 'instant' | 'long';
}

/** Any answers to reads, times with ties, sessions that now and then do two things at once. Short enough to try everything. */
export function anyHistory(seed: number, shape: Shape): ObservedHistory {
  const random = new SeededRandom(seed);
  const clocks = new Map<string, number>();
  const drafts = Array.from({ length: shape.operations }, (_, index) => {
    const session = 'ABCDE'[random.below(shape.sessions)]!;
    const [pause, duration] = shape.pace === 'instant' ? [1 + Number(index % 3 === 0), 1] : shape.pace === 'long' ? [2, 8] : [3, 4];
    const start = Math.max(0, (clocks.get(session) ?? random.below(pause)) + random.below(pause) - (random.chance(0.1) ? 1 : 0));
    const end = start + random.below(duration);
    clocks.set(session, end);
    const isOpen = random.chance(shape.openPart ?? 0.1);
    return { id: `o${index}`, session, replica: session, field: 'xyz'[random.below(shape.fields)]!, invokedAt: start, returnedAt: isOpen ? null : end, isWrite: random.chance(0.5) };
  });
  const valueOf = (index: number): Value => (shape.unique ? `v${index}` : `v${random.below(2)}`);
  const written = drafts.map(({ isWrite }, index) => (isWrite ? valueOf(index) : null));
  const operations = drafts.map(({ isWrite, ...asked }, index): Operation => {
    if (isWrite) return { ...asked, kind: 'write', value: written[index]! };
    const sources = drafts.flatMap((each, at) => (each.isWrite && each.field === asked.field ? [at] : []));
    const source = random.chance(0.25) || sources.length === 0 ? null : random.pick(sources);
    if (random.chance(0.02)) return { ...asked, kind: 'read', value: 'nobody wrote this' };
    const readFrom = shape.namesWrites && random.chance(0.8) ? { readFrom: source === null ? null : `o${source}` } : {};
    return { ...asked, kind: 'read', value: source === null ? null : written[source]!, ...readFrom };
  });
  return { operations };
}

/** Like anyHistory, of a counter x and a stock y of 2. */
export function anyCounts(seed: number, operations: number): ObservedHistory {
  const random = new SeededRandom(seed);
  const base = anyHistory(seed, { operations, sessions: 3, fields: 2, unique: true, openPart: 0.15 });
  return {
    specifications: new Map([['x', counterOf()], ['y', stockOf(2)]]) as ObservedHistory['specifications'],
    operations: base.operations.map(({ id, session, replica, field, invokedAt, returnedAt, kind }): Operation => {
      const asked = { id, session, replica, field, invokedAt, returnedAt };
      if (kind === 'read') return { ...asked, kind, value: random.below(4) };
      if (field === 'x' && random.chance(0.15)) return { ...asked, kind: 'update', step: { kind: 'set', value: random.below(3) } };
      if (field === 'x') return { ...asked, kind: 'update', step: { kind: 'add', by: 1 + random.below(2) }, ...(random.chance(0.3) ? { returned: 1 + random.below(4) } : {}) };
      if (random.chance(0.2)) return { ...asked, kind: 'update', step: { kind: 'add', by: 1 } };
      return { ...asked, kind: 'update', step: { kind: 'reserve', amount: 1 + random.below(2) }, ...(returnedAt !== null && random.chance(0.3) ? { accepted: false } : {}) };
    }),
  };
}

/** Each operation takes effect at a point between its invocation and its return; a part of the open ones never does. */
export function linearizableHistory(seed: number, shape: Shape): ObservedHistory {
  const random = new SeededRandom(seed);
  const clocks = new Map<string, number>();
  const drafts = Array.from({ length: shape.operations }, (_, index) => {
    const session = 'ABCDE'[random.below(shape.sessions)]!;
    const invokedAt = (clocks.get(session) ?? 0) + random.below(20);
    const end = invokedAt + random.below(40);
    const isOpen = random.chance(shape.openPart ?? 0.1);
    const point = isOpen ? invokedAt + random.below(200) : invokedAt + random.below(end - invokedAt + 1);
    clocks.set(session, end);
    const happens = !isOpen || random.chance(0.5);
    const asked = { id: `o${index}`, session, replica: session, field: 'xyz'[random.below(shape.fields)]!, invokedAt, returnedAt: isOpen ? null : end };
    return { asked, point, happens, isWrite: random.chance(0.5), value: shape.unique ? `v${index}` : `v${random.below(3)}` };
  });
  const state = new Map<string, { value: Value; from: string | null }>();
  const done = new Map<string, Operation>();
  // Sorting keeps operations of one session at one point in their order.
  for (const { asked, happens, isWrite, value } of [...drafts].sort((a, b) => a.point - b.point)) {
    if (isWrite) {
      if (happens) state.set(asked.field, { value, from: asked.id });
      done.set(asked.id, { ...asked, kind: 'write', value });
    } else {
      const { value: seen, from } = state.get(asked.field) ?? { value: null, from: null };
      done.set(asked.id, { ...asked, kind: 'read', value: seen, ...(shape.namesWrites ? { readFrom: from } : {}) });
    }
  }
  return { operations: drafts.map(({ asked }) => done.get(asked.id)!) };
}

/** The history with one closed read changed to what another write of its field wrote; null where there is nothing to change. */
export function withOneReadChanged(history: ObservedHistory, seed: number): ObservedHistory | null {
  const random = new SeededRandom(seed);
  const reads = history.operations.filter((each) => each.kind === 'read' && each.returnedAt !== null);
  if (reads.length === 0) return null;
  const chosen = random.pick(reads);
  const writes = history.operations.filter((each) => each.kind === 'write' && each.field === chosen.field);
  const source = writes.length === 0 || random.chance(0.2) ? null : random.pick(writes);
  const value = source?.kind === 'write' ? source.value : null;
  return { ...history, operations: history.operations.map((each) => (each === chosen && each.kind === 'read' ? { ...each, value, ...(each.readFrom === undefined ? {} : { readFrom: source?.id ?? null }) } : each)) };
}
