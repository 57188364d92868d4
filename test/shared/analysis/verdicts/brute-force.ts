/**
 * The oracle: the definitions, tried on every permutation. It shares no code with the checkers but the types, and knows fields x, y and z: registers,
 * or (in histories with specifications) a counter x and a stock y of 2.
 */
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import type { Operation } from '../../../../shared/analysis/verdicts/operation.ts';

export type Precedence = (a: Operation, b: Operation) => boolean;

/** In a session: returned no later than the other was invoked, and made before it. */
export function sessionOrderOf({ operations }: ObservedHistory): Precedence {
  const place = new Map(operations.map((each, index) => [each, index]));
  return (a, b) => {
    if (a === b || a.session !== b.session || a.returnedAt === null || a.returnedAt > b.invokedAt) return false;
    return a.invokedAt < b.invokedAt || (a.invokedAt === b.invokedAt && place.get(a)! < place.get(b)!);
  };
}

export function isLinearizable(history: ObservedHistory): boolean {
  const session = sessionOrderOf(history);
  return isExplained(history, (a, b) => session(a, b) || (a.returnedAt !== null && a.returnedAt < b.invokedAt));
}

export function isSequential(history: ObservedHistory): boolean {
  return isExplained(history, sessionOrderOf(history));
}

/** Any order of the closed operations and any of the open ones that respects the precedence and gives all answers. */
function isExplained(history: ObservedHistory, precedes: Precedence): boolean {
  const numbers = history.specifications !== undefined;
  const extend = (order: readonly Operation[], left: readonly Operation[]): boolean => {
    if (left.every(({ returnedAt }) => returnedAt === null)) return true;
    return left.some((next) => {
      if (left.some((other) => precedes(other, next))) return false;
      const longer = [...order, next];
      return answersFit(longer, numbers) && extend(longer, left.filter((each) => each !== next));
    });
  };
  return extend([], history.operations.filter((each) => each.kind !== 'read' || each.returnedAt !== null));
}

/** Whether the last operation of the order was answered as it must be after the others, and is one that happened. */
function answersFit(order: readonly Operation[], numbers: boolean): boolean {
  const last = order.at(-1)!;
  const mine = order.slice(0, -1).filter((each) => each.field === last.field);
  if (!numbers) {
    if (last.kind !== 'read') return true;
    const from = mine.filter((each) => each.kind === 'write').at(-1);
    return last.value === (from?.value ?? null) && (last.readFrom === undefined || last.readFrom === (from?.id ?? null));
  }
  const before = mine.reduce(changed, last.field === 'y' ? 2 : 0);
  if (last.kind === 'read') return last.value === before;
  if (last.kind === 'update' && last.step.kind === 'reserve') return last.accepted === false ? before < last.step.amount : before >= last.step.amount;
  return last.kind === 'update' && (last.returned === undefined || last.returned === changed(before, last));
}

function changed(before: number, operation: Operation): number {
  if (operation.kind !== 'update' || operation.accepted === false) return before;
  if (operation.step.kind === 'set') return operation.step.value as number;
  return before + (operation.step.kind === 'add' ? operation.step.by : -operation.step.amount);
}

/**
 * Causal consistency by its definition (Bouajjani et al., 2017, section 2.2): some strict partial order contains the session order, and each read's
 * causal past has an order that explains this read. Open writes may be in or out. For at most 5 operations.
 */
export function isCausal(history: ObservedHistory): boolean {
  const session = sessionOrderOf(history);
  const open = history.operations.filter((each) => each.returnedAt === null && each.kind === 'write');
  const closed = history.operations.filter(({ returnedAt }) => returnedAt !== null);
  for (let choice = 0; choice < 2 ** open.length; choice++) {
    const taken = history.operations.filter((each) => closed.includes(each) || (open.includes(each) && (choice & (1 << open.indexOf(each))) !== 0));
    if (partialOrders(taken.length).some((pasts) => explainsAllReads(taken, pasts, session))) return true;
  }
  return false;
}

function explainsAllReads(operations: readonly Operation[], pasts: readonly number[], session: Precedence): boolean {
  const contains = operations.every((a, i) => operations.every((b, j) => !session(a, b) || (pasts[j]! & (1 << i)) !== 0));
  return contains && operations.every((read, index) => read.kind !== 'read' || hasExplainingOrder(operations, pasts, index));
}

/** Whether the past of a read has an order, respecting the partial one, whose last write on the field is what was read. */
function hasExplainingOrder(operations: readonly Operation[], pasts: readonly number[], read: number): boolean {
  const asked = operations[read]!;
  const extend = (last: Operation | null, left: number): boolean => {
    if (left === 0) return asked.kind === 'read' && asked.value === (last?.kind === 'write' ? last.value : null) && (asked.readFrom === undefined || asked.readFrom === (last?.id ?? null));
    return operations.some((each, index) => (left & (1 << index)) !== 0 && (pasts[index]! & left) === 0 && extend(each.kind === 'write' && each.field === asked.field ? each : last, left & ~(1 << index)));
  };
  return extend(null, pasts[read]!);
}

const known = new Map<number, number[][]>();

/** All strict partial orders of n things, each as the set of predecessors of each thing. */
function partialOrders(n: number): number[][] {
  if (n === 0) return [[]];
  const found = known.get(n);
  if (found !== undefined) return found;
  const all: number[][] = [];
  // The new thing gets a down-closed set before it and an up-closed set after it, the first all before the second.
  for (const smaller of partialOrders(n - 1)) {
    for (let before = 0; before < 2 ** (n - 1); before++) {
      if (smaller.some((past, i) => (before & (1 << i)) !== 0 && (past & ~before) !== 0)) continue;
      for (let after = 0; after < 2 ** (n - 1); after++) {
        if ((before & after) !== 0) continue;
        const isUpClosed = smaller.every((past, i) => (past & after) === 0 || (after & (1 << i)) !== 0);
        const isOrdered = smaller.every((past, i) => (after & (1 << i)) === 0 || (before & ~past) === 0);
        if (isUpClosed && isOrdered) all.push([...smaller.map((past, i) => ((after & (1 << i)) !== 0 ? past | (1 << (n - 1)) : past)), before]);
      }
    }
  }
  known.set(n, all);
  return all;
}

type Guarantee = 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

/** The session guarantees, word by word over all tuples of operations, where each value is written once and nobody ranks versions. */
export function brokenGuarantees(history: ObservedHistory): Guarantee[] {
  const session = sessionOrderOf(history);
  const all = history.operations.filter((each) => each.returnedAt !== null || (each.kind === 'write' && history.operations.some((read) => read.kind === 'read' && read.returnedAt !== null && read.field === each.field && read.value === each.value)));
  const from = (read: Operation): Operation | null => (read.kind === 'read' ? all.find((each) => each.kind === 'write' && each.field === read.field && each.value === read.value) ?? null : null);
  const reads = all.filter((each) => each.kind === 'read' && (each.value === null || from(each) !== null));
  const writes = all.filter(({ kind }) => kind === 'write');
  const reaches = all.map((a) => all.map((b) => session(a, b) || from(b) === a));
  for (const k of all.keys()) for (const i of all.keys()) for (const j of all.keys()) if (reaches[i]![k] && reaches[k]![j]) reaches[i]![j] = true;
  const causes = (a: Operation, b: Operation): boolean => reaches[all.indexOf(a)]![all.indexOf(b)]!;
  const isOlder = (version: Operation | null, than: Operation): boolean => version === null || (causes(version, than) && !causes(than, version));
  const found = new Set<Guarantee>();
  for (const later of reads) {
    for (const write of writes) if (write.field === later.field && session(write, later) && from(later) !== write && isOlder(from(later), write)) found.add('read-your-writes');
    for (const seen of reads.filter((each) => session(each, later))) {
      const effect = from(seen);
      if (effect === null) continue;
      if (seen.field === later.field && effect !== from(later) && isOlder(from(later), effect)) found.add('monotonic-reads');
      const isMissing = (cause: Operation): boolean => cause.field === later.field && from(later) !== effect && (from(later) === cause ? cause.field === effect.field : isOlder(from(later), cause));
      if (writes.some((cause) => session(cause, effect) && isMissing(cause))) found.add('monotonic-writes');
      if (reads.some((read) => session(read, effect) && from(read) !== null && isMissing(from(read)!))) found.add('writes-follow-reads');
    }
  }
  return [...found].sort();
}
