/** What waits for a person: words of several authors that stand together in a text of the CRDT, and siblings. One item a place, one item a field. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import { valueText } from '../document/value-text.ts';
import { spliceOfEdits } from '../history/actions.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import { getOrMake } from './concurrency.ts';
import { editsOf } from './fates/action-fate.ts';
import type { LedgerAction } from './fates/fate.ts';
import type { Ledger } from './ledger.ts';
import { capital, listOf, personOf, quoted } from './phrases.ts';
import { later, type ToldRuns } from './review.ts';
import type { ReviewItem, SentencePart, Turn } from './review-item.ts';
import { eachOf, mapped, type Sliced } from './slices.ts';
import type { TouchingPlace } from './touching.ts';

/** What both kinds have. */
const ofTurns = { reasons: [], putBack: null, adds: false, isPutBack: false, retry: [], release: null } as const;

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];

function inWords(count: number): string {
  return numbers[count] ?? String(count);
}

export function* touchingItems(ledger: Ledger, told: ToldRuns): Sliced<ReviewItem[]> {
  if (ledger.touching.length === 0) return [];
  const byKey = new Map<string, [action: LedgerAction, at: number]>();
  yield* eachOf(ledger.actions, (action, at) => void byKey.set(action.key, [action, at]));
  const places = ledger.touching.filter(({ parts }) => new Set(parts.map(({ author }) => author)).size > 1);
  return yield* mapped(places, (place) => touchingItem(place, place.actions.map((key) => byKey.get(key)!), told, ledger));
}

function touchingItem(place: TouchingPlace, found: readonly (readonly [LedgerAction, number])[], told: ToldRuns, ledger: Ledger): ReviewItem {
  const { field, parts } = place;
  const { context: { viewer } } = told;
  const actions = found.map(([action]) => action);
  const authors = [...new Set(parts.map(({ author }) => author))];
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const text = (ledger.values.get('crdt')!(field) as string).slice(first.index, last.index + last.text.length);
  const replaced = replacedByEach(actions);
  const readerFirst = [...authors].sort((a, b) => Number(b === viewer) - Number(a === viewer));
  const people = capital(listOf(readerFirst.map((author) => personOf(author, viewer))));
  const how = replaced === null || replaced === '' ? 'wrote at one place, and had not seen the other' : `each replaced ${quoted(replaced)}`;
  const count = authors.length === 2 ? 'both' : `all ${inWords(authors.length)}`;
  return {
    ...ofTurns,
    key: `touching ${field} ${place.actions.join(' ')}`,
    kind: 'touching', field,
    rejoin: latestOf(actions, told),
    author: first.author,
    mark: text,
    strategies: ['crdt'],
    parts: [` kept ${count}, side by side: ${quoted(text)}. ${people} ${how}.`],
    order: found.at(-1)![1],
    turn: { kind: 'touching', index: first.index, text, parts, canChoose: replaced !== null },
    clocks: clocksOf(actions, told),
  };
}

/** What every author removed there with one action each; null where they removed different texts, or nobody can tell. */
function replacedByEach(actions: readonly LedgerAction[]): string | null {
  const authors = new Set(actions.map(({ rows }) => rows[0]!.record.dot.replica));
  const removed = new Set(actions.map(removedBy));
  const [only] = removed;
  if (removed.size !== 1 || only === undefined) return null;
  return only === '' || authors.size === actions.length ? only : null;
}

function removedBy(action: LedgerAction): string | undefined {
  return spliceOfEdits(editsOf(action))?.removed;
}

export function* siblingItems({ actions }: Ledger, told: ToldRuns, siblings: Siblings): Sliced<ReviewItem[]> {
  const waiting = new Map<FieldId, [LedgerAction, number][]>();
  yield* eachOf(actions, (action, at) => {
    if (action.fates.siblings?.disposition === 'sibling') getOrMake(waiting, action.rows[0]!.record.field, () => []).push([action, at]);
  });
  return [...waiting].flatMap(([field, found]) => siblingItem(field, found, told, siblings) ?? []);
}

function siblingItem(field: FieldId, found: readonly (readonly [LedgerAction, number])[], told: ToldRuns, siblings: Siblings): ReviewItem | null {
  const values = siblings.waiting(field);
  if (values.length < 2) return null;
  const actions = found.map(([action]) => action);
  const shown = values.flatMap(({ dot, value }, at): SentencePart[] => {
    const who = personOf(dot.replica, told.context.viewer);
    return [at === 0 ? ` holds ${inWords(values.length)}: ` : ', ', { mark: valueMark(value), author: dot.replica }, ` (${who})`];
  });
  const turn: Turn = { kind: 'siblings', values: values.map(({ key, dot }) => ({ key, author: dot.replica })) };
  return {
    ...ofTurns,
    key: `siblings ${field} ${values.map(({ key }) => key).join(' ')}`,
    kind: 'sibling', field, turn,
    rejoin: latestOf(actions, told),
    author: values[0]!.dot.replica,
    mark: '',
    strategies: ['siblings'],
    parts: [...shown, '.'],
    order: found.at(-1)![1],
    clocks: clocksOf(actions, told),
  };
}

/** The rejoin that brought the latest of these actions, of all that met. */
function latestOf(actions: readonly LedgerAction[], { rejoinOf }: ToldRuns): number | null {
  return actions.reduce<number | null>((latest, action) => later(latest, rejoinOf(action, undefined)), null);
}

/** So many edits are named; a place may be made of thousands. */
const clocksMax = 6;

function clocksOf(actions: readonly LedgerAction[], { context: { numbers: names } }: ToldRuns): string[] {
  return actions.slice(-clocksMax).map(({ rows }) => names.wordsOf(rows.at(-1)!.record));
}

const markLengthMax = 40;

/** A value in one short line: "5", "Offsite in Rome", "rome, sea", "☑ Book train, ☐ Pack". */
function valueMark(value: FieldValue): string {
  const text = valueText(value).replaceAll(/\s+/g, ' ');
  return text.length > markLengthMax ? `${text.slice(0, markLengthMax - 1)}…` : text;
}

/** The authors of what waits, each once. */
export function turnAuthors(turn: Turn): readonly ReplicaId[] {
  return [...new Set((turn.kind === 'siblings' ? turn.values : turn.parts).map(({ author }) => author))];
}
