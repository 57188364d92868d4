/** A strategy's verdicts as one line: what held, from weak to strong, what broke first, and where nobody can tell. Pure. */
import { capital, listOf } from '../../../shared/analysis/phrases.ts';
import type { StrategyFigures, WhileCut } from '../../../shared/analysis/strategy-figures.ts';
import type { Level } from '../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import type { Verdicts } from '../../../shared/analysis/verdicts/verdicts.ts';

/** What stands on the line, weakest first; the session guarantees count as one. */
export type ConsistencyStep = 'session' | 'causal' | 'sequential' | 'linearizable';

export const steps: readonly ConsistencyStep[] = ['session', 'causal', 'sequential', 'linearizable'];

const session: readonly Level[] = ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'];

const plain: Readonly<Record<Level, string>> = {
  linearizable: 'linearizable', sequential: 'sequential', causal: 'causal', 'read-your-writes': 'read your writes', 'monotonic-reads': 'monotonic reads',
  'monotonic-writes': 'monotonic writes', 'writes-follow-reads': 'writes follow reads', eventual: 'eventual',
};

export type StepState = 'holds' | 'broken' | 'unknown';

export interface ConsistencyLine {
  readonly eventual: StepState;
  readonly steps: readonly { readonly step: ConsistencyStep; readonly state: StepState }[];
  /** The strongest step that held; null if none did. */
  readonly strongest: ConsistencyStep | null;
  /** The weakest step that is broken. */
  readonly broken: ConsistencyStep | null;
  /** Why, in a sentence: the witness of what is broken first, else the reason why nobody can tell. */
  readonly sentence: string;
  /** What else is broken, stronger promises last, where its witness is another one: "sequential", and the sentence. */
  readonly others: readonly { readonly promise: string; readonly sentence: string }[];
  /** All of it in words, strongest first: "linearizable is broken, sequential holds, …". */
  readonly words: string;
}

export function consistencyLine({ levels }: Verdicts): ConsistencyLine {
  const judged = steps.map((step) => stepVerdict(step, levels));
  const strongest = judged.filter(({ state }) => state === 'holds').at(-1)?.step ?? null;
  const broken = judged.find(({ state }) => state === 'broken');
  const unknown = judged.find(({ state }) => state === 'unknown');
  const spoken = [...judged].reverse().map(({ step, state, names }) => (step === 'session' && state !== 'broken' ? `session guarantees ${stateWords(state, true)}` : `${listOf(names)} ${stateWords(state, names.length > 1)}`));
  return {
    eventual: levels.eventual.verdict,
    steps: judged.map(({ step, state }) => ({ step, state })),
    strongest,
    broken: broken?.step ?? null,
    sentence: sentenceOf(levels.eventual, broken, unknown),
    others: otherWitnesses(judged.filter(({ state }) => state === 'broken'), levels.eventual.verdict === 'broken' ? whyOf(levels.eventual) : (broken?.why ?? '')),
    words: [...spoken, `eventual ${stateWords(levels.eventual.verdict, false)}`].join(', '),
  };
}

interface StepVerdict {
  readonly step: ConsistencyStep;
  readonly state: StepState;
  /** What it is about: for the session guarantees those that are in this state. */
  readonly names: readonly string[];
  readonly why: string;
}

function stepVerdict(step: ConsistencyStep, levels: Verdicts['levels']): StepVerdict {
  const members = step === 'session' ? session : [step];
  const some = (state: StepState): readonly Level[] => members.filter((level) => levels[level].verdict === state);
  const state = some('broken').length > 0 ? 'broken' : some('unknown').length > 0 ? 'unknown' : 'holds';
  const decisive = some(state);
  return { step, state, names: decisive.map((level) => plain[level]), why: whyOf(levels[decisive[0]!]) };
}

function whyOf(verdict: Verdict): string {
  return verdict.verdict === 'broken' ? verdict.witness.sentence : verdict.verdict === 'unknown' ? verdict.reason : '';
}

function stateWords(state: StepState, isPlural: boolean): string {
  const verb = isPlural ? 'are' : 'is';
  return state === 'holds' ? (isPlural ? 'hold' : 'holds') : `${verb} ${state}`;
}

/** Each witness once, and not the one that is told first. */
function otherWitnesses(broken: readonly StepVerdict[], toldFirst: string): { promise: string; sentence: string }[] {
  const known = new Set([toldFirst]);
  return broken.flatMap(({ names, why, step }) => {
    if (known.has(why)) return [];
    known.add(why);
    return [{ promise: step === 'session' ? 'the session guarantees' : listOf(names), sentence: brokenSentence({ names, why, step }) }];
  });
}

function brokenSentence({ step, names, why }: Pick<StepVerdict, 'step' | 'names' | 'why'>): string {
  return step === 'session' ? `${capital(listOf(names))} ${stateWords('broken', names.length > 1)}: ${why}` : `Not ${listOf(names)}: ${why}`;
}

function sentenceOf(eventual: Verdict, broken: StepVerdict | undefined, unknown: StepVerdict | undefined): string {
  if (eventual.verdict === 'broken') return `Not eventual: ${eventual.witness.sentence}`;
  if (broken) return brokenSentence(broken);
  if (unknown) return `Nobody can tell whether ${unknown.names.length === session.length ? 'the session guarantees' : listOf(unknown.names)} ${unknown.names.length > 1 ? 'hold' : 'holds'}: ${unknown.why}`;
  return 'All of it held in this run.';
}

/** "answered at C"; "answered while cut" where several replicas were cut off; null where none was, or nothing was done there meanwhile. */
export function answeredHeading(totals: readonly Pick<StrategyFigures, 'whileCut'>[]): string | null {
  const replicas = new Set(totals.flatMap(({ whileCut }) => whileCut?.replicas ?? []));
  if (replicas.size === 0) return null;
  return replicas.size === 1 ? `answered at ${[...replicas][0]!}` : 'answered while cut';
}

/** "8 of 8" */
export function answeredCount({ answered, actions }: WhileCut): string {
  return `${answered} of ${actions}`;
}

/** The rest of the sentence: "edits answered at C while it was cut off" */
export function answeredWords({ replicas, actions }: WhileCut): string {
  return ` ${actions === 1 ? 'edit' : 'edits'} answered at ${listOf(replicas)} while ${replicas.length === 1 ? 'it was' : 'they were'} cut off`;
}
