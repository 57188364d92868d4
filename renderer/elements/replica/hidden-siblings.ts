/** What a window says at a field before somebody edits it whose siblings wait where this person does not see them: the same edit is meant for that column too. */
import type { FieldSpec } from '../../../shared/document/schema.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';

/** Characters of a value that are quoted. */
const quotedMax = 40;

/** One or two sentences; null: nothing waits, or the person sees it. */
export function hiddenSiblings(session: ReplicaModel, spec: FieldSpec): string | null {
  if (session.strategies.includes('siblings') || !session.settings.enabled.includes('siblings')) return null;
  const siblings = session.siblings(spec.id);
  if (siblings.length < 2) return null;
  const where = 'Siblings is hidden';
  const values = listed(siblings.map(({ value }) => quoted(valueText(value))));
  const field = `the ${inSentence(spec.label)}`;
  // SPEC.md [SIB4]: a set of a register covers all siblings, every other edit is refused.
  if (spec.type === 'register') return `${where}: setting ${field} here also chooses between ${values} there.`;
  return `${where}: ${values} wait there for a choice. Until then it refuses edits of ${field} made here.`;
}

function quoted(text: string): string {
  const characters = [...text];
  return `“${characters.length > quotedMax ? `${characters.slice(0, quotedMax - 1).join('')}…` : text}”`;
}

function listed(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}

/** "title" of "Title"; "URL" stays. */
function inSentence(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : `${label.slice(0, 1).toLowerCase()}${label.slice(1)}`;
}
