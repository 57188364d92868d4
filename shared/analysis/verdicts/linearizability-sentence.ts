/** The plain sentence for the smallest part of a history that is not linearizable. */
import { counted } from '../phrases.ts';
import { endOf, type Operation, type Read, writtenBy } from './operation.ts';
import { named, noOrderOf, readBy, shown } from './sentences.ts';
import type { MadeNumber, RegisterVersion } from './specification.ts';

/** `core` is the smallest failing part, `whole` all operations of its field, which may tell what the part leaves out. */
export function linearizabilitySentence(core: readonly Operation[], whole: readonly Operation[], isRegister: boolean, initial: unknown): string {
  const reads = core.filter((each): each is Read => each.kind === 'read').sort((a, b) => endOf(a) - endOf(b));
  return (isRegister ? registerSentence(core, reads, whole, initial) : numberSentence(core, reads, initial)) ?? noOrderOf(core, 'real time');
}

function registerSentence(core: readonly Operation[], reads: readonly Read[], whole: readonly Operation[], initial: unknown): string | null {
  const [first, second] = reads;
  if (first === undefined || reads.length > 2) return null;
  if (second !== undefined) return backwards(first, second, core);
  const written = writesOf(first, whole);
  if (written.length === 0 && !isInitial(first, initial)) return `${readBy(first)}, which nobody had written.`;
  if (written.length > 0 && !isInitial(first, initial) && written.every(({ invokedAt }) => invokedAt > endOf(first))) return `${readBy(first)} before ${written[0]!.session} began to write it.`;
  const newer = core.filter((each) => each.kind !== 'read' && !written.includes(each) && endOf(each) < first.invokedAt);
  const latest = newer.sort((a, b) => endOf(a) - endOf(b)).at(-1);
  return latest === undefined ? null : `${readBy(first)} after ${named(latest)} had been acknowledged: a stale read.`;
}

/** Of a register whose reads name their write the initial state holds the initial value and no write. */
function isInitial({ value }: Read, initial: unknown): boolean {
  return value === initial || (typeof initial === 'object' && initial !== null && value === (initial as Partial<RegisterVersion>).value);
}

/** Two reads, one after the other, that saw the newer value first. */
function backwards(first: Read, second: Read, core: readonly Operation[]): string | null {
  if (endOf(first) > second.invokedAt || first.value === second.value) return null;
  const [older, newer] = [writesOf(second, core), writesOf(first, core)];
  const isOlder = older.length === 0 || older.every((a) => newer.every((b) => endOf(a) < b.invokedAt));
  if (!isOlder) return null;
  const again = first.session === second.session ? `${first.session} read` : `${second.session} then read`;
  return first.session === second.session
    ? `${again} ${shown(first.value)} and then ${shown(second.value)}, which is older.`
    : `${readBy(first)}, and ${again} ${shown(second.value)}, which is older: a stale read.`;
}

function writesOf(read: Read, operations: readonly Operation[]): Operation[] {
  return operations.filter((each) => writtenBy(each) === read.value && each.kind !== 'read');
}

/** What is short in a counter or a stock, where one read or one reservation shows it. */
function numberSentence(core: readonly Operation[], reads: readonly Read[], state: unknown): string | null {
  const initial = typeof state === 'object' ? (state as Partial<MadeNumber> | null)?.number : state;
  if (typeof initial !== 'number' || core.some((each) => writtenBy(each) !== undefined)) return null;
  const read = reads.length === 1 ? reads[0]! : null;
  const changes = core.filter((each) => each.kind === 'update' && each.accepted !== false);
  const before = changes.filter((each) => read === null || endOf(each) < read.invokedAt);
  const reserved = changes.filter((each) => stepOf(each) < 0).reduce((sum, each) => sum - stepOf(each), 0);
  const supply = initial + changes.filter((each) => stepOf(each) > 0).reduce((sum, each) => sum + stepOf(each), 0);
  if (read === null) return reserved > supply && isReserving(changes) ? `Reservations of ${reserved} in all were accepted though there ${supply === 1 ? 'was' : 'were'} only ${supply}: oversold.` : shownTooSoon(changes, initial);
  if (changes.length !== before.length || typeof read.value !== 'number') return null;
  const due = initial + before.reduce((sum, each) => sum + stepOf(each), 0);
  if (read.value === due) return null;
  return `${readBy(read)} after ${counted(before.length, 'change')} had been acknowledged that ${before.length === 1 ? 'makes' : 'make'} it ${due}: ${missing(due - read.value)}.`;
}

/** An update whose client was shown a number that does not count all that had been acknowledged before. */
function shownTooSoon(changes: readonly Operation[], initial: number): string | null {
  const last = [...changes].sort((a, b) => a.invokedAt - b.invokedAt).at(-1);
  if (last?.kind !== 'update' || typeof last.returned !== 'number') return null;
  const before = changes.filter((each) => each !== last);
  if (before.length === 0 || before.some((each) => endOf(each) >= last.invokedAt)) return null;
  const due = changes.reduce((sum, each) => sum + stepOf(each), initial);
  if (last.returned === due) return null;
  return `${named(last)} showed ${last.returned}, though with ${counted(before.length, 'change')} acknowledged before it that makes ${due}: ${missing(due - last.returned)}.`;
}

/** "2 units of change are missing" */
function missing(difference: number): string {
  const units = Math.abs(difference);
  return `${counted(units, 'unit')} of change ${units === 1 ? 'is' : 'are'} missing`;
}

function isReserving(changes: readonly Operation[]): boolean {
  return changes.some((each) => each.kind === 'update' && each.step.kind === 'reserve');
}

/** By how much an accepted update changes the number. */
function stepOf(operation: Operation): number {
  if (operation.kind !== 'update' || operation.step.kind === 'set') return 0;
  return operation.step.kind === 'add' ? operation.step.by : -operation.step.amount;
}
