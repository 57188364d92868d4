/** The edits of a written step: which verb fits which type of field, and shorthands. */
import { fieldValue } from '../document/intent.ts';
import type { FieldId, FieldSpec, FieldType, FieldValue, Scalar } from '../document/schema.ts';
import { errorText } from '../encoding/error-text.ts';
import { standing } from './zod-messages.ts';
import type { Action, ItemName, NameableAction, StepDoes } from './scenario.ts';
import { actionShapes, type RawStep } from './scenario-format.ts';
import { type ParseOptions, type At, mustBeField, mustBeReplica, trouble } from './scenario-error.ts';

type Verb = keyof typeof actionShapes;

const verbs = Object.keys(actionShapes) as Verb[];

/** The types of field that each verb is for. */
const typesOf: Readonly<Record<Verb, readonly FieldType[]>> = {
  set: ['register'],
  type: ['text'],
  erase: ['text'],
  increment: ['counter'],
  add: ['set'],
  remove: ['set', 'list'],
  insert: ['list'],
  relabel: ['list'],
  tick: ['list'],
  untick: ['list'],
  move: ['list'],
  reserve: ['stock'],
  release: ['stock'],
  keep: ['register', 'text', 'counter', 'set', 'list', 'stock'],
};

export function parseActions(raw: RawStep, path: At, options: ParseOptions): StepDoes[] {
  return saidIn(raw, verbs).flatMap((verb) => {
    const given = raw[verb]!;
    const at = mustBeReplica(raw.at ?? trouble(path, `${verb} needs at: the replica where it is done`), [...path, 'at'], options.replicas);
    if (raw.in !== undefined && !options.strategies.includes(raw.in)) trouble([...path, 'in'], `${raw.in} does not run in this scenario; ${options.strategies.join(', ')} do`);
    const byField = typeof given === 'string' ? { [given]: 1 } : given;
    return Object.entries(byField).map(([id, what]): StepDoes => {
      const field = mustBeField(id, [...path, verb], options.schema);
      if (!typesOf[verb].includes(field.type)) trouble([...path, verb, id], `${verb} is for a ${typesOf[verb].join(' or a ')}, and "${id}" is a ${field.type}`);
      if (verb === 'remove' && field.type === 'set' && typeof what !== 'string') trouble([...path, verb, id], 'expected a text: an element of a set');
      if (verb === 'keep') mustBeChoice(what, field, [...path, verb, id], options);
      return { kind: 'edit', at, field: id, action: parseAction(verb, what, field), column: raw.in ?? null, times: raw.times ?? 1 };
    });
  });
}

/** Which of these members a step has, in the order of the list and not as they are written; most steps have one. */
export function saidIn<Name extends keyof RawStep>(raw: RawStep, names: readonly Name[]): Name[] {
  const said = Object.keys(raw).filter((name): name is Name => names.includes(name as Name) && raw[name as Name] !== undefined);
  return said.sort((a, b) => names.indexOf(a) - names.indexOf(b));
}

function mustBeChoice(value: unknown, { type }: FieldSpec, path: At, { strategies }: ParseOptions): void {
  if (!strategies.includes('siblings')) trouble(path.slice(0, -1), `a choice is made between siblings, and siblings do not run in this scenario; ${strategies.join(', ')} do`);
  if (type === 'list') return void (Array.isArray(value) || trouble(path, `expected a list of labels, not ${standing(value)}`));
  try {
    fieldValue(type, value);
  } catch (error) {
    trouble(path, errorText(error));
  }
}

function parseAction(verb: Verb, what: unknown, { type }: FieldSpec): Action {
  switch (verb) {
    case 'set': return { kind: verb, value: what as Scalar };
    case 'type': return typedOf(what as Typed);
    case 'erase': return { kind: verb, what: what as string | { at: number; count: number } };
    case 'increment': return { kind: verb, by: what as number };
    case 'add': return { kind: verb, element: what as string };
    case 'remove': return type === 'list' ? { kind: 'remove-item', item: what as ItemName } : { kind: verb, element: what as string };
    case 'insert': return typeof what === 'string' ? { kind: verb, label: what, after: undefined } : { kind: verb, ...placed(what as { label: string; after?: ItemName | null }) };
    case 'relabel': return { kind: verb, ...(what as { item: ItemName; label: string }) };
    case 'tick':
    case 'untick': return { kind: 'tick', item: what as ItemName, done: verb === 'tick' };
    case 'move': return { kind: verb, ...placed(what as { item: ItemName; after?: ItemName | null }) };
    case 'reserve':
    case 'release': return { kind: verb, amount: what as number };
    case 'keep': return { kind: verb, value: what as FieldValue };
  }
}

type Typed = string | { readonly text: string; readonly at?: number | 'start' | 'end'; readonly after?: string; readonly before?: string };

function typedOf(what: Typed): Action {
  if (typeof what === 'string') return { kind: 'type', text: what, at: 'end' };
  const { text, at, after, before } = what;
  return { kind: 'type', text, at: after !== undefined ? { after } : before !== undefined ? { before } : (at ?? 'end') };
}

/** Left out is last; null is first. */
function placed<Raw extends { readonly after?: ItemName | null }>(raw: Raw): Raw & { readonly after: ItemName | null | undefined } {
  return { ...raw, after: raw.after };
}

/** An action of a field as a step says it. */
export function writtenDeed(action: NameableAction, field: FieldId): RawStep {
  switch (action.kind) {
    case 'type': return { type: { [field]: { text: action.text, ...(typeof action.at === 'object' ? action.at : { at: action.at }) } } };
    case 'insert': return { insert: { [field]: { label: action.label, ...afterIn(action) } } };
    case 'relabel': return { relabel: { [field]: { item: action.item, label: action.label } } };
    case 'tick': return { [action.done ? 'tick' : 'untick']: { [field]: action.item } };
    case 'move': return { move: { [field]: { item: action.item, ...afterIn(action) } } };
    case 'remove-item': return { remove: { [field]: action.item } };
  }
}

function afterIn({ after }: { readonly after: ItemName | null | undefined }): { after?: ItemName | null } {
  return after === undefined ? {} : { after };
}
