/**
 * How a whole action ended under one strategy, of how its parts ended.
 *
 * The parts of a run of typing are the characters that it typed and did not erase itself; if there are none, those of others that it removed. A run that
 * erased all it typed and nothing else is superseded. Parts that end differently give the first of pending, unknown, lost, refused, sibling, resurrected,
 * visible, superseded; characters are counted beside it. Source: 3-semantics, "Intents and actions".
 */
import { dotKey } from '../../clocks/dot.ts';
import type { EditRecord, StrategyId } from '../../history/record.ts';
import type { Disposition, Fate, LedgerAction } from './fate.ts';

/** The edits that a person made: what a pause gathered of them was typed before, where it was. */
export function editsOf({ rows }: LedgerAction): EditRecord[] {
  const typed = rows.filter(({ record }) => record.gathers === undefined);
  return (typed.length > 0 ? typed : rows).map(({ record }) => record);
}

/** The last edit of these actions that ended as the action did: what its cause won over. */
export function editWithFate(actions: readonly LedgerAction[], strategy: StrategyId, { disposition, cause }: Fate): EditRecord {
  const key = cause && dotKey(cause);
  const ended = actions.flatMap(({ rows }) => rows).filter(({ fates: { [strategy]: ofRow } }) => {
    const fate = ofRow?.soFar ?? ofRow;
    return fate?.disposition === disposition && (fate.cause && dotKey(fate.cause)) === key;
  }).at(-1);
  return (ended ?? actions[0]!.rows[0]!).record;
}

export interface Part {
  readonly record: EditRecord;
  readonly fate: Fate;
}

const precedence: readonly Disposition[] = ['pending', 'unknown', 'lost', 'refused', 'sibling', 'resurrected', 'visible', 'superseded'];
/** What is said of an edit as a whole, whatever it typed or removed. */
const ofWholeEdits: ReadonlySet<Disposition> = new Set(['pending', 'unknown', 'refused']);

/** `parts`: the edits of one action that were meant for the strategy, in their order; at least one. */
export function actionFate(parts: readonly Part[]): Fate {
  const [first] = parts;
  if (parts.length === 1) return first!.fate;
  const fate = ofRun(parts);
  if (fate.disposition !== 'pending') return fate;
  const soFar = parts.map(({ record, fate: each }) => ({ record, fate: each.soFar ?? each }));
  // Where only an answer can tell of some part, nobody can tell of the whole.
  return soFar.some(({ fate: { disposition } }) => disposition === 'pending') ? { disposition: 'pending' } : { ...fate, soFar: ofRun(soFar) };
}

function ofRun(parts: readonly Part[]): Fate {
  const erased = ownErasures(parts);
  const deciding = decidingParts(parts, erased).map(({ fate }) => fate);
  const fate = precedence.map((disposition) => deciding.find((each) => each.disposition === disposition)).find((each) => each !== undefined) ?? { disposition: 'superseded' };
  const characters = charactersOf(parts, erased);
  const wasUnknown = parts.some((part) => part.fate.wasUnknown) ? { wasUnknown: true } as const : {};
  return { ...fate, ...wasUnknown, ...(characters ? { characters } : {}) };
}

function decidingParts(parts: readonly Part[], erased: Erasures): Part[] {
  const whole = ({ fate: { disposition } }: Part): boolean => ofWholeEdits.has(disposition);
  const typed = parts.filter((part) => whole(part) || remaining(part, erased) > 0);
  if (typed.some((part) => !whole(part))) return typed;
  return parts.filter((part) => whole(part) || removed(part.record) > (erased.get(dotKey(part.record.dot)) ?? 0));
}

/** How many characters of the run each of its edits erased; edits that erased none are not there. */
type Erasures = ReadonlyMap<string, number>;

function ownErasures(parts: readonly Part[]): Erasures {
  const own = new Set(parts.map(({ record }) => dotKey(record.dot)));
  const erased = new Map<string, number>();
  for (const { fate: { characters } } of parts) {
    for (const [eraser, count] of characters?.superseded ?? []) if (own.has(eraser)) erased.set(eraser, (erased.get(eraser) ?? 0) + count);
  }
  return erased;
}

/** How many characters of an edit the run did not erase itself. */
function remaining({ fate: { characters } }: Part, own: Erasures): number {
  if (!characters) return 0;
  const gone = [...(characters.superseded ?? [])].reduce((sum, [eraser, count]) => sum + (own.has(eraser) ? count : 0), 0);
  return characters.typed - gone;
}

function removed({ intent }: EditRecord): number {
  return intent.kind === 'splice' ? intent.removed.length : 0;
}

/** Of what the run typed and did not erase itself; undefined where none of it was judged. */
function charactersOf(parts: readonly Part[], erased: Erasures): Fate['characters'] {
  const judged = parts.filter(({ fate }) => fate.characters);
  if (judged.length === 0) return undefined;
  return { typed: judged.reduce((sum, part) => sum + remaining(part, erased), 0), lost: judged.reduce((sum, { fate }) => sum + fate.characters!.lost, 0) };
}
