/** Which action came to which replica, and when: the lines of a space-time diagram. From what replicas noted; without notes there are none. */
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { RoomEvent } from '../../history/room-event.ts';
import { trueMsOf } from '../acknowledgements.ts';
import type { CutSpan } from '../answered-while-cut.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import type { LedgerAction } from '../fates/fate.ts';

export interface ReportMessage {
  readonly from: ReplicaId;
  readonly to: ReplicaId;
  /** When its action ended; true times, in milliseconds since the Unix epoch. */
  readonly madeMs: number;
  /** When the cut ended that it waited for; null: it waited for none. */
  readonly crossedMs: number | null;
  readonly arrivedMs: number;
}

interface Sent {
  /** The last edit of the action. */
  readonly counter: number;
  readonly madeMs: number;
}

export function messagesOf(actions: readonly LedgerAction[], events: readonly RoomEvent[], cuts: readonly CutSpan[]): ReportMessage[] {
  const sent = sentBy(actions);
  const had = new Map<ReplicaId, VersionVector>();
  const messages: ReportMessage[] = [];
  for (const event of events) {
    if (event.kind !== 'arrived') continue;
    const { replica: to, wallMs: arrivedMs, payload: { has } } = event;
    const before = had.get(to) ?? VersionVector.empty;
    had.set(to, has);
    for (const [from, counter] of has.entries()) {
      const ofAuthor = from === to ? [] : (sent.get(from) ?? []);
      for (let at = firstIndex(ofAuthor, (each) => each.counter > before.get(from)); at < ofAuthor.length && ofAuthor[at]!.counter <= counter; at++) {
        const { madeMs } = ofAuthor[at]!;
        messages.push({ from, to, madeMs, arrivedMs: Math.max(madeMs, arrivedMs), crossedMs: crossedMs(cuts, [from, to], madeMs, arrivedMs) });
      }
    }
  }
  return messages;
}

function sentBy(actions: readonly LedgerAction[]): Map<ReplicaId, Sent[]> {
  const sent = new Map<ReplicaId, Sent[]>();
  for (const { rows } of actions) {
    const { record } = rows.at(-1)!;
    getOrMake(sent, record.dot.replica, () => []).push({ counter: record.dot.counter, madeMs: trueMsOf(record) });
  }
  for (const each of sent.values()) each.sort((a, b) => a.counter - b.counter);
  return sent;
}

/** The end of the last cut of one of the two in which it was made, or that it was under way for; replicas may note the end of a cut a little later than what came with it. */
function crossedMs(cuts: readonly CutSpan[], ends: readonly ReplicaId[], madeMs: number, arrivedMs: number): number | null {
  return cuts.reduce<number | null>((latest, { replica, fromMs, untilMs }) => {
    const waited = ends.includes(replica) && madeMs < untilMs && fromMs < arrivedMs && (fromMs <= madeMs || untilMs <= arrivedMs);
    const atMs = Math.min(untilMs, arrivedMs);
    return waited ? Math.max(latest ?? atMs, atMs) : latest;
  }, null);
}
