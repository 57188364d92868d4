/** How many intents a second a strategy carries out and takes over, and how many bytes one costs on the wire. One strategy, in this process. */
import { type Edit, type OutcomeRecord, type StrategyId } from '../shared/history/record.ts';
import { encodeRecord } from '../shared/history/record-codec.ts';
import { isCoordinated, type CoordinatedId } from '../shared/strategies/registry.ts';
import { type Figures, spread, steadyMs } from './figures.ts';
import { deafEnded, InstantLines } from './instant-lines.ts';
import { EditMaker, type Load } from './made-edits.ts';
import { type AnsweringId, answeringCopy, carriedOut, takenOver, talkingCopy } from './strategy-copies.ts';

/** Intents of one measured run, for strategies that answer and for coordinated ones. */
export const intents = { answering: 5_000, coordinated: 1_000 };
const loads: readonly Load[] = ['increments', 'steady'];
const three = ['A', 'B', 'C'];

/** Microseconds an intent, and bytes an intent. */
export async function strategyRates(id: StrategyId): Promise<Figures> {
  const figures: Record<string, number> = {};
  for (const load of loads) Object.assign(figures, prefixed(load, isCoordinated(id) ? await talkingRates(id, load) : await answeringRates(id, load)));
  return figures;
}

async function answeringRates(id: AnsweringId, load: Load): Promise<Figures> {
  const edits = EditMaker.begin(load).edits(intents.answering, ['A']);
  const source = answeringCopy(id);
  const outgoing = edits.map((edit) => carriedOut(source, edit));
  const performMs = await steadyMs(() => {
    const copy = answeringCopy(id);
    return () => edits.forEach((edit) => copy.perform(edit));
  });
  const takeMs = await steadyMs(() => {
    const copy = answeringCopy(id);
    return () => outgoing.forEach((each) => takenOver(copy, each));
  });
  const own = spread(outgoing.map(({ update }) => update?.length ?? 0));
  const records = spread(outgoing.map(({ record }) => record.length));
  const all = spread(outgoing.map(({ record, update }) => record.length + (update?.length ?? 0)));
  return { performUs: (performMs / edits.length) * 1_000, takeUs: (takeMs / edits.length) * 1_000, ownBytes: own.median, recordBytes: records.median, settlementBytes: 0, allBytes: all.median, allBytesMean: all.mean, messages: 0 };
}

async function talkingRates(id: CoordinatedId, load: Load): Promise<Figures> {
  const alone = EditMaker.begin(load).edits(intents.coordinated, ['A']);
  const performMs = await steadyMs(() => untilAccepted(new InstantLines(['A'], () => talkingCopy(id, 1)), alone));
  const together = EditMaker.begin(load).edits(intents.coordinated, three);
  const settleMs = await steadyMs(() => untilAccepted(new InstantLines(three, () => talkingCopy(id, 3)), together));
  return { performUs: (performMs / alone.length) * 1_000, settleUs: (settleMs / together.length) * 1_000, ...(await hearing(id, load)), ...(await wireBytes(id, load)) };
}

function untilAccepted(lines: InstantLines, edits: readonly Edit[]): () => Promise<void> {
  return async () => {
    for (const edit of edits) await lines.accepted(edit);
    await lines.quiet();
  };
}

/** What C hears while A (which leads) and B write, said once more to a new C, message after message. */
async function hearing(id: CoordinatedId, load: Load): Promise<Figures> {
  const lines = new InstantLines(three, () => talkingCopy(id, 3));
  const heard: { from: string; bytes: Uint8Array }[] = [];
  lines.onDelivery = ({ from, to, bytes }) => void (to === 'C' && heard.push({ from, bytes }));
  await untilAccepted(lines, EditMaker.begin(load).edits(intents.coordinated, ['A', 'B']))();
  const hearMs = await steadyMs(() => {
    const copy = deafEnded(talkingCopy(id, 3), 'C', three);
    return async () => {
      for (const { from, bytes } of heard) {
        copy.receiveFrom(from, bytes);
        // What it keeps is kept before the next one comes.
        await Promise.resolve();
      }
    };
  });
  return { hearUs: (hearMs / heard.length) * 1_000, heardPerIntent: heard.length / intents.coordinated };
}

/** All that the copies say about one edit until nobody has anything more to say, the edit's record, and the record of its outcome. */
async function wireBytes(id: CoordinatedId, load: Load): Promise<Figures> {
  const lines = new InstantLines(three, () => talkingCopy(id, 3));
  const maker = EditMaker.begin(load);
  const own: number[] = [];
  const messages: number[] = [];
  const records: number[] = [];
  const outcomes: number[] = [];
  for (let i = 0; i < intents.coordinated; i++) {
    const edit = maker.edit(three[i % three.length]!);
    const before = { ...lines.sent };
    const settlement = await lines.accepted(edit);
    await lines.quiet();
    own.push(lines.sent.bytes - before.bytes);
    messages.push(lines.sent.messages - before.messages);
    records.push(encodeRecord({ ...edit, traces: { [id]: { outcome: 'pending' } } }).length);
    const { wallMs, hybrid, dot: settles } = edit;
    const outcome: OutcomeRecord = { settles, strategy: id, settlement, dot: { ...settles, counter: settles.counter + 1 }, context: maker.context, wallMs, hybrid };
    outcomes.push(encodeRecord(outcome).length);
  }
  const all = spread(own.map((bytes, i) => bytes + records[i]! + outcomes[i]!));
  return { ownBytes: spread(own).median, recordBytes: spread(records).median, settlementBytes: spread(outcomes).median, allBytes: all.median, allBytesMean: all.mean, messages: spread(messages).mean };
}

function prefixed(load: Load, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${load}/${name}`, value]));
}
