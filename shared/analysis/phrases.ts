/** How edits are named in sentences: short, plain, from the reader's side. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import { spliceOfEdits } from '../history/actions.ts';
import type { EditNumbers } from '../history/edit-numbers.ts';
import type { EditRecord } from '../history/record.ts';
import type { Fate } from './fates/fate.ts';

/** No time of a clock is so early. */
const stepsMax = 1_000_000_000;

/** "your" or "B's" */
export function ownerOf(replica: ReplicaId, viewer: ReplicaId): string {
  return replica === viewer ? 'your' : `${replica}'s`;
}

/** "you" or "B" */
export function personOf(replica: ReplicaId, viewer: ReplicaId): string {
  return replica === viewer ? 'you' : replica;
}

/** The exact names of edits of one replica, as people number them: "A:9", "A:4–7", "A:4–7, 9". */
export function dotsOf(edits: readonly EditRecord[], numbers: EditNumbers): string {
  const { replica } = edits[0]!.dot;
  const ranges: [number, number][] = [];
  for (const { dot } of edits) {
    const [from, to] = numbers.rangeOf(dot);
    const last = ranges.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return `${replica}:${ranges.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(', ')}`;
}

/** What an action, or several of one kind, did: "+1", "typing “hello”", "“Rome”". `label` finds the label of a list item. */
export function phraseOf(edits: readonly EditRecord[], label: (item: string) => string): string {
  const intent: Intent = edits[0]!.intent;
  switch (intent.kind) {
    case 'set': return quoted(String(intent.value));
    case 'resolve': return 'choice between siblings';
    case 'splice': return typingPhrase(edits);
    case 'increment': return signed(edits.reduce((sum, { intent: each }) => sum + (each.kind === 'increment' ? each.by : 0), 0));
    case 'add': return `${quoted(intent.element)}`;
    case 'remove': return `removal of ${quoted(intent.element)}`;
    case 'insert': return `item ${quoted(intent.label)}`;
    case 'relabel': return `renaming of ${quoted(label(intent.item))} to ${quoted(intent.label)}`;
    case 'toggle': return `${intent.done ? 'tick' : 'untick'} of ${quoted(label(intent.item))}`;
    case 'move': return `move of ${quoted(label(intent.item))}`;
    case 'remove-item': return `removal of ${quoted(label(intent.item))}`;
    case 'reserve': return intent.amount === 1 ? 'reservation' : `reservation of ${intent.amount}`;
    case 'release': return intent.amount === 1 ? 'release' : `release of ${intent.amount}`;
  }
}

/** "typing “hello”", "deletion of “Monday”" */
function typingPhrase(edits: readonly EditRecord[]): string {
  const whole = spliceOfEdits(edits);
  if (!whole) return `${edits.length} text changes`;
  if (whole.inserted !== '') return `typing ${quoted(whole.inserted)}`;
  return whole.removed === '' ? 'typing that was erased again' : `deletion of ${quoted(whole.removed)}`;
}

/** "It had been acknowledged by the leader A alone, and was rolled back: C leads now and does not have it." */
export function rollBackPhrase({ rolledBack }: Fate): string {
  if (!rolledBack) return 'It had been acknowledged, and was rolled back.';
  return `It had been acknowledged by the leader ${rolledBack.leader}${rolledBack.alone ? ' alone' : ''}, and was rolled back: ${rolledBack.because}.`;
}

/** "the later timestamp won, 12:00:03.120 over 12:00:01.004": by the clock that stamped both under last writer wins, in UTC. */
export function stampsPhrase(winner: EditRecord, loser: EditRecord): string {
  const [won, lost] = [stampOf(winner), stampOf(loser)];
  if (won === lost) return `of equal timestamps (${won}) the higher replica won`;
  return `the later timestamp won, ${won} over ${lost}`;
}

/** The time that last writer wins goes by: "12:00:03.120", with a tick of a hybrid clock "12:00:03.120+1". */
export function stampOf({ traces, wallMs, hybrid }: EditRecord): string {
  const trace = traces['last-writer-wins'];
  const isHybrid = trace?.outcome === 'accepted' && Array.isArray(trace.details) && (trace.details as unknown[])[0] === 1;
  const ms = isHybrid ? hybrid.ms : wallMs;
  const tick = isHybrid && hybrid.counter > 0 ? `+${hybrid.counter}` : '';
  // A recording without times counts steps.
  return ms < stepsMax ? `${ms}${tick}` : `${new Date(ms).toISOString().slice(11, 23)}${tick}`;
}

/** With a capital letter, as at the beginning of a sentence. */
export function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

/** Text in quotation marks, cut where it is long. */
export function quoted(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ');
  return `“${oneLine.length > 48 ? `${oneLine.slice(0, 45)}…` : oneLine}”`;
}

/** "+3", "−1" */
export function signed(step: number): string {
  return step < 0 ? `−${-step}` : `+${step}`;
}

/** "A, B and C"; empty where there are none. */
export function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** "1 edit", "3 edits" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How long an answer took: "at once", "19 ms". */
export function answerPhrase(ms: number): string {
  return ms === 0 ? 'at once' : `${ms} ms`;
}

/** Median and worst: "12 ms to 3.2 s"; one, where both read the same. */
export function lagPhrase(medianMs: number, worstMs: number | null): string {
  const [median, worst] = [duration(medianMs), duration(worstMs ?? medianMs)];
  return median === worst ? median : `${median} to ${worst}`;
}

/** "3.2 s", "5 min" */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

/** To the second: "45 s", "2 min 10 s", "1 h 5 min". */
export function exactDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [whole, rest, units] = seconds < 3_600 ? [Math.floor(seconds / 60), seconds % 60, ['min', 's']] : [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, ['h', 'min']];
  return rest === 0 ? `${whole} ${units[0]}` : `${whole} ${units[0]} ${rest} ${units[1]}`;
}

/** The same, with tenths below ten seconds: "0.4 s". */
export function timeWords(ms: number): string {
  return ms < 9_950 ? `${Math.round(ms / 100) / 10} s` : exactDuration(ms);
}
