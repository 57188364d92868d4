/** The sentences of the review, without the strategies' names: short and plain, from the side of who reads. The command line says it at more length. */
import { fieldOf, type FieldType } from '../document/schema.ts';
import { spliceOfEdits } from '../history/actions.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import { markOf } from './edit-marks.ts';
import { editsOf, editWithFate } from './fates/action-fate.ts';
import type { Fate, LedgerAction } from './fates/fate.ts';
import { duration, ownerOf, personOf, phraseOf, quoted, stampOf } from './phrases.ts';
import type { SentencePart } from './review-item.ts';
import { causeOf, type ReviewContext } from './review-sentences.ts';

/** What one strategy made of an action, or of several alike: " lost your ", "Tuesday", ": A wrote the whole field 9 s later." */
export function itemSentence(
  run: readonly LedgerAction[], strategy: StrategyId, fate: Fate, context: ReviewContext,
): readonly SentencePart[] {
  const sentence = sentenceParts(run, strategy, fate, context);
  return fate.isSoFar ? [...sentence, ' So far: not everybody is known to have it.'] : sentence;
}

function sentenceParts(
  run: readonly LedgerAction[], strategy: StrategyId, fate: Fate, context: ReviewContext,
): readonly SentencePart[] {
  const edits = run.flatMap(editsOf);
  const author = edits[0]!.dot.replica;
  const owner = ownerOf(author, context.viewer);
  const mark = { mark: markOf(edits, context.label), author };
  const refusal = fate.refusal ?? (fate.disposition === 'refused' ? 'no reason given' : 'nobody could say');
  switch (fate.disposition) {
    case 'lost': {
      const [verb, reason] = lossOf(editWithFate(run, strategy, fate), strategy, fate, context);
      return [` ${verb} ${partOf(fate)}${owner} `, mark, `: ${reason}.`];
    }
    case 'resurrected': return [` brought back ${removedBy(edits, context)}: ${cameBackBecause(edits[0]!, fate, context)}.`];
    case 'refused': return [` refused ${owner} `, mark, `${fate.wasUnknown ? ' in the end, after nobody could say' : ''}: ${refusal}.`];
    default: return [` cannot tell about ${owner} `, mark, `: ${refusal}.`];
  }
}

/** "3 of 9 characters of " */
function partOf({ characters }: Fate): string {
  const isPart = characters && characters.lost > 0 && characters.lost < characters.typed;
  return isPart ? `${characters.lost} of ${characters.typed} characters of ` : '';
}

/** "“food”" */
function removedBy(edits: readonly EditRecord[], { label }: ReviewContext): string {
  const { intent } = edits[0]!;
  if (intent.kind === 'remove') return quoted(intent.element);
  if (intent.kind === 'remove-item') return quoted(label(intent.item));
  const removed = spliceOfEdits(edits)?.removed;
  return removed ? quoted(removed) : 'what was removed';
}

function cameBackBecause(edit: EditRecord, fate: Fate, context: ReviewContext): string {
  const cause = causeOf(fate, context);
  const them = cause ? personOf(cause.dot.replica, context.viewer) : 'somebody';
  return `${personOf(edit.dot.replica, context.viewer)} removed it, and ${them} had not seen that`;
}

/** What happened, and why: "lost", "A wrote 4 s later". */
function lossOf(lost: EditRecord, strategy: StrategyId, fate: Fate, context: ReviewContext): [verb: string, reason: string] {
  const cause = causeOf(fate, context);
  switch (fate.reason) {
    case 'client-id': return ['lost', 'both set one key, and the higher client id stays'];
    case 'rolled-back': return ['rolled back', rolledBackReason(fate)];
    case 'version': return ['lost', `${cause ? ownerOf(cause.dot.replica, context.viewer) : 'another'} edit was made on an older value, and its version is higher`];
    case 'skew': return ['lost', skewReason(lost, cause, context)];
    default: return ['lost', concurrentReason(lost, cause, strategy, fate, context)];
  }
}

function rolledBackReason({ rolledBack }: Fate): string {
  if (!rolledBack) return 'the old leader had not passed it on';
  const { leader, alone, because } = rolledBack;
  return `the leader ${leader}${alone ? ' alone' : ''} had acknowledged it, and ${because}`;
}

function skewReason(lost: EditRecord, cause: EditRecord | undefined, { viewer }: ReviewContext): string {
  if (!cause) return 'a clock was ahead';
  const [clock, aheadMs] = [`${ownerOf(cause.dot.replica, viewer)} clock`, cause.wallMs - lost.wallMs];
  if (!lost.context.includes(cause.dot)) return `it was made later, but ${clock} is ${duration((cause.skewMs ?? 0) - (lost.skewMs ?? 0))} fast`;
  const by = aheadMs > 0 ? ` by ${duration(aheadMs)}` : '';
  if (cause.dot.replica === lost.dot.replica) return `it was made later, but the clock had been set back${by}`;
  return `${personOf(lost.dot.replica, viewer)} wrote later and had seen ${ownerOf(cause.dot.replica, viewer)} edit, but ${clock} was ahead${by}`;
}

function concurrentReason(
  lost: EditRecord, cause: EditRecord | undefined, strategy: StrategyId, fate: Fate, { schema, viewer, label }: ReviewContext,
): string {
  if (!cause) return 'another edit took its place';
  const person = personOf(cause.dot.replica, viewer);
  if (cause.field !== lost.field) {
    return `${ownerOf(cause.dot.replica, viewer)} ${phraseOf([cause], label)} in ${fieldOf(schema, cause.field).label} carried the whole document`;
  }
  if (fate.wrote !== undefined) return `${person} wrote ${String(fate.wrote).replace('-', '−')} without having seen it`;
  if (strategy !== 'last-writer-wins') return `${person} wrote without having seen it`;
  return `${person} wrote${wholeOf[fieldOf(schema, lost.field).type]} ${laterWords(lost, cause)}`;
}

/** What one edit of a field writes under last writer wins. */
const wholeOf: Readonly<Record<FieldType, string>> = {
  register: '', text: ' the whole field', counter: ' the whole counter', set: ' the whole set', list: ' the whole list', stock: ' the whole stock',
};

function laterWords(lost: EditRecord, cause: EditRecord): string {
  const laterMs = cause.wallMs - lost.wallMs;
  if (laterMs > 0) return `${duration(laterMs)} later`;
  return stampOf(cause) === stampOf(lost) ? 'at the same time, and of two the higher replica stays' : 'with the higher timestamp';
}
