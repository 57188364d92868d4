/** What it costs, in time and memory, that many edits were made apart. One strategy, in this process, which must run with --expose-gc. */
import type { StrategyId } from '../shared/history/record.ts';
import type { CoordinatedStrategy } from '../shared/strategies/coordinated-strategy.ts';
import type { Strategy } from '../shared/strategies/strategy.ts';
import { type Figures, tookMs } from './figures.ts';
import { InstantLines } from './instant-lines.ts';
import { EditMaker } from './made-edits.ts';
import { type AnsweringId, answeringCopy, talkingCopy } from './strategy-copies.ts';
import { isCoordinated, type CoordinatedId } from '../shared/strategies/registry.ts';

/** Intents that are made on each side, or on the majority's side. */
export const intentsApart = 10_000;
/** Intents of the common start. */
const common = 100;
/** How long a message takes while the copy that was cut off catches up, in virtual milliseconds. */
const catchUpDelayMs = 5;

export function strategyMerging(id: StrategyId): Promise<Figures> {
  return isCoordinated(id) ? catchingUp(id) : merging(id);
}

/** Two copies with a common start, each with its own edits; then each tells the other what it has and takes what it lacks. */
async function merging(id: AnsweringId): Promise<Figures> {
  const emptyBytes = heapUsed();
  const [a, b] = [answeringCopy(id), answeringCopy(id)];
  makeApart(a, b);
  const apartBytes = heapUsed();
  let wireBytes = 0;
  const exchange = (to: Strategy, from: Strategy): void => {
    const summary = to.summary();
    const delta = from.delta(summary);
    wireBytes += summary.length + delta.length;
    to.receive(delta);
  };
  const mergeMs = await tookMs(() => {
    exchange(a, b);
    exchange(b, a);
  });
  const mergedBytes = heapUsed();
  if (a.digest() !== b.digest()) throw new Error(`the two copies of ${id} differ`);
  return { mergeMs, wireBytes, apartBytes: (apartBytes - emptyBytes) / 2, mergedBytes: (mergedBytes - emptyBytes) / 2, rssBytes: process.memoryUsage.rss() };
}

/** In a function of its own, so that the edits are gone when memory is measured, but for what the copies hold of them. */
function makeApart(a: Strategy, b: Strategy): void {
  const start = EditMaker.begin('steady');
  for (const edit of start.edits(common, ['A'])) a.perform(edit);
  b.receive(a.delta(b.summary()));
  for (const edit of start.apart(2).edits(intentsApart, ['A'])) a.perform(edit);
  for (const edit of start.apart(3).edits(intentsApart, ['B'])) b.perform(edit);
}

/** Five copies, one of them cut off while the others accept edits; then it is let in again. */
async function catchingUp(id: CoordinatedId): Promise<Figures> {
  const emptyBytes = heapUsed();
  const names = ['A', 'B', 'C', 'D', 'E'];
  const lines = new InstantLines(names, () => talkingCopy(id, names.length));
  const maker = EditMaker.begin('steady');
  for (let i = 0; i < common; i++) await lines.accepted(maker.edit('A'));
  await lines.quiet();
  lines.cutOff('E');
  const acceptMs = await tookMs(async () => {
    for (let i = 0; i < intentsApart; i++) await lines.accepted(maker.edit(names[i % 4]!));
    await lines.quiet();
  });
  const apartBytes = heapUsed();
  lines.cutOff(null);
  lines.delayMs = catchUpDelayMs;
  const heard = { messages: 0, bytes: 0 };
  lines.onDelivery = ({ to, bytes }) => {
    if (to !== 'E') return;
    heard.messages++;
    heard.bytes += bytes.length;
  };
  const fromMs = lines.clock.nowMs();
  const catchUpMs = await tookMs(() => lines.until(hasCaughtUp(lines)));
  const mergedBytes = heapUsed();
  return {
    acceptMs, catchUpMs, catchUpVirtualMs: lines.clock.nowMs() - fromMs, heardMessages: heard.messages, wireBytes: heard.bytes,
    apartBytes: (apartBytes - emptyBytes) / names.length, mergedBytes: (mergedBytes - emptyBytes) / names.length, rssBytes: process.memoryUsage.rss(),
  };
}

/** Looks once a millisecond, and only when E changed. */
function hasCaughtUp(lines: InstantLines): () => boolean {
  const e: CoordinatedStrategy = lines.at('E');
  const wanted = lines.at('A').digest();
  let lookedAtMs = 0;
  let changed = false;
  e.onChange(() => void (changed = true));
  return () => {
    if (!changed || lookedAtMs === lines.clock.nowMs()) return false;
    lookedAtMs = lines.clock.nowMs();
    changed = false;
    return e.digest() === wanted;
  };
}

/** What is in use after all that can be thrown away is. */
function heapUsed(): number {
  if (!globalThis.gc) throw new Error('memory is measured only with --expose-gc');
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
