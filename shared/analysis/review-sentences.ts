/** The review's sentences: what became of an action, by what, and why, from the reader's side. A cause is the winning value or the whole winning action. */
import { type DotKey, dotKey, type ReplicaId } from '../clocks/dot.ts';
import type { EditNumbers } from '../history/edit-numbers.ts';
import { fieldOf, type Schema } from '../document/schema.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { strategyNames } from '../strategies/registry.ts';
import { editsOf, editWithFate } from './fates/action-fate.ts';
import type { Disposition, Fate, LedgerAction } from './fates/fate.ts';
import { capital, dotsOf, duration, listOf, ownerOf, personOf, phraseOf, quoted, rollBackPhrase, stampsPhrase } from './phrases.ts';

/** What the sentences of all entries look up. */
export interface ReviewContext {
  readonly schema: Schema;
  readonly viewer: ReplicaId;
  /** The action of an edit. */
  readonly actionOf: ReadonlyMap<DotKey, LedgerAction>;
  /** What a list item was called when it was made. */
  readonly label: (item: string) => string;
  /** What people call edits. */
  readonly numbers: EditNumbers;
}

/** What became of one action, or of several alike; `told`: the fates that a person is told of, by strategy. */
export function sentencesOf(run: readonly LedgerAction[], told: readonly [StrategyId, Fate][], context: ReviewContext): string {
  return alike(told).map(([strategies, fate], at) => sentenceOf(run, strategies, fate, context, at === 0)).join(' ');
}

/** What several strategies said in the same words is told once. */
function alike(told: readonly [StrategyId, Fate][]): [StrategyId[], Fate][] {
  const groups = new Map<string, [StrategyId[], Fate]>();
  for (const [strategy, fate] of told) {
    const isSaid = fate.disposition === 'refused' || fate.disposition === 'unknown';
    const words = isSaid ? JSON.stringify([fate.disposition, fate.refusal, fate.wasUnknown]) : strategy;
    const group = groups.get(words);
    if (group) group[0].push(strategy);
    else groups.set(words, [[strategy], fate]);
  }
  return [...groups.values()];
}

function sentenceOf(run: readonly LedgerAction[], strategies: readonly StrategyId[], fate: Fate, context: ReviewContext, isFirst: boolean): string {
  const edits = run.flatMap(editsOf);
  const lost = editWithFate(run, strategies[0]!, fate);
  const subject = isFirst ? `${ownerOf(lost.dot.replica, context.viewer)} ${phraseOf(edits, context.label)} (${dotsOf(edits, context.numbers)})` : 'it';
  const strategy = strategies[0]!;
  const under = `under ${listOf(strategies.map((each) => strategyNames[each]))}`;
  const cause = causeOf(fate, context);
  const by = cause ? causePhrase(cause, fate, lost, context) : 'another edit';
  switch (fate.disposition) {
    case 'lost': return sentenceCase(`${subject} was lost ${partPhrase(fate)}${fate.reason === 'rolled-back' ? '' : `to ${by} `}${under}. ${reasonOf(strategy, fate, lost, cause, context.viewer)}`, isFirst);
    case 'resurrected': return sentenceCase(`${subject} was undone by ${by} ${under}: ${personOf(cause?.dot.replica ?? 'somebody', context.viewer)} had not seen the removal, and ${strategy === 'siblings' ? 'a union keeps what any side has' : 'adding wins'}.`, isFirst);
    case 'sibling': return sentenceCase(`${subject} waits beside ${by} ${under} for a person to choose.`, isFirst);
    case 'refused': return sentenceCase(`${subject} was refused ${under}${refusalPhrase(fate)}`, isFirst);
    default: return sentenceCase(`${subject} may or may not have taken effect ${under}: ${fate.refusal ?? 'nobody could say'}.`, isFirst);
  }
}

/** The sentence follows "Votes: ", so that its first one stays in lower case. */
function sentenceCase(sentence: string, isFirst: boolean): string {
  return isFirst ? sentence : capital(sentence);
}

/** "in part (3 of 9 characters) " */
function partPhrase({ characters }: Fate): string {
  return characters && characters.lost > 0 && characters.lost < characters.typed ? `in part (${characters.lost} of ${characters.typed} characters) ` : '';
}

function refusalPhrase({ refusal = 'no reason given', wasUnknown }: Fate): string {
  return wasUnknown ? ` in the end, after its outcome had been unknown. ${capital(refusal)}.` : `: ${refusal}.`;
}

/** The edit that a fate names, as far as it is known. */
export function causeOf({ cause }: Fate, { actionOf }: ReviewContext): EditRecord | undefined {
  const key = cause && dotKey(cause);
  return key === undefined ? undefined : actionOf.get(key)?.rows.find(({ record }) => dotKey(record.dot) === key)?.record;
}

/** "B's title “Rome” (B:4)", "B's typing “Tuesday” (B:4–10)", "B's votes 6 (B:4)" */
function causePhrase(cause: EditRecord, { wrote }: Fate, lost: EditRecord, { schema, viewer, actionOf, label, numbers }: ReviewContext): string {
  const owner = ownerOf(cause.dot.replica, viewer);
  const spec = fieldOf(schema, cause.field);
  const isElsewhere = cause.field !== lost.field;
  const action = editsOf(actionOf.get(dotKey(cause.dot))!);
  const dots = `(${dotsOf(action, numbers)})`;
  const carried = isElsewhere ? ', which carried the whole document' : '';
  if (cause.intent.kind === 'set') return `${owner} ${spec.label.toLowerCase()} ${quoted(String(cause.intent.value))} ${dots}${carried}`;
  if (isElsewhere) return `${owner} ${phraseOf(action, label)} in ${spec.label} ${dots}${carried}`;
  return wrote === undefined ? `${owner} ${phraseOf(action, label)} ${dots}` : `${owner} ${spec.label.toLowerCase()} ${String(wrote).replace('-', '−')} ${dots}`;
}

function reasonOf(strategy: StrategyId, fate: Fate, lost: EditRecord, cause: EditRecord | undefined, viewer: ReplicaId): string {
  switch (fate.reason) {
    case 'skew': return skewReason(lost, cause, viewer);
    case 'client-id': return 'Neither had seen the other; a Yjs map key keeps one of two concurrent values, by client id and not by time.';
    case 'rolled-back': return rollBackPhrase(fate);
    // The quorum's copies may not have known what the journals did.
    case 'version': return `${cause ? capital(ownerOf(cause.dot.replica, viewer)) : 'That'} edit was applied to an older value, and has the higher version.`;
    default: return strategy === 'last-writer-wins' && cause ? `Neither had seen the other; ${stampsPhrase(cause, lost)}.` : 'Neither had seen the other.';
  }
}

function skewReason(lost: EditRecord, cause: EditRecord | undefined, viewer: ReplicaId): string {
  const ahead = cause ? cause.wallMs - lost.wallMs : 0;
  const by = ahead > 0 ? ` by ${duration(ahead)}` : '';
  if (cause && !lost.context.includes(cause.dot)) return `It was made later, but ${ownerOf(cause.dot.replica, viewer)} clock is ${duration((cause.skewMs ?? 0) - (lost.skewMs ?? 0))} fast: ${stampsPhrase(cause, lost)}.`;
  return cause && cause.dot.replica !== lost.dot.replica
    ? `It was later: ${personOf(lost.dot.replica, viewer)} had seen ${ownerOf(cause.dot.replica, viewer)} edit, but the clock there was ahead${by}.`
    : `It was later, but the clock had been set back${by}.`;
}

const fateTexts: Readonly<Record<Disposition, string>> = {
  pending: 'pending',
  visible: 'kept',
  superseded: 'superseded',
  lost: 'lost',
  sibling: 'to resolve',
  resurrected: 'came back',
  refused: 'refused',
  unknown: 'unknown',
};

/** "lost", "superseded by B (B:4)" */
export function fateText(fate: Fate, { viewer, numbers }: Pick<ReviewContext, 'viewer' | 'numbers'>): string {
  const by = fate.disposition === 'superseded' && fate.cause ? ` by ${personOf(fate.cause.replica, viewer)} (${numbers.nameOf(fate.cause)})` : '';
  return `${fateTexts[fate.disposition]}${by}${fate.wasUnknown ? ', at first unknown' : ''}`;
}
