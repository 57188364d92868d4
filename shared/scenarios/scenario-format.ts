/**
 * How a scenario is written down: the shape of the YAML or JSON file. docs/scenarios.md explains it; docs/scenario.schema.json is this as JSON Schema, so
 * that editors complete it. Objects are strict: a misspelt member is an error.
 */
import { z } from 'zod';
import { levels } from '../analysis/verdicts/levels.ts';
import { plainReplicaNamePattern } from '../clocks/dot.ts';
import { listLengthMax, stepMax, stringLengthMax } from '../document/intent.ts';
import { presets } from '../strategies/presets.ts';
import { figures } from './scenario.ts';
import { strategyIdShape, strategySettingsShapes } from './settings-format.ts';

/** Most steps of a scenario, and most that are done together. */
export const stepsMax = 20_000;
export const scenarioReplicasMax = 26;
export const fieldsMax = 100;
/** Most edits of a scenario, each as often as it is made: a run takes time in proportion to their square. */
export const editsMax = 20_000;

const replica = z.string().regex(plainReplicaNamePattern, 'expected a replica name: 1 to 32 of A–Z a–z 0–9 _ -').describe('A replica, by name');
const replicas = z.union([replica, z.array(replica).min(1)], 'expected the name of a replica, or a list of them').describe('A replica, or several');
const fieldName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected a field name: 1 to 32 of a–z 0–9 -, a letter first');
const text = z.string().max(stringLengthMax);
const sentence = z.string().max(2_000);
const scalar = z.union([text, z.number(), z.boolean()], 'expected a text, a number, true or false');
const step = z.number().int().min(-stepMax).max(stepMax);
const amount = z.number().int().min(1).max(stepMax);
const duration = z.union([z.string(), z.number()], 'expected a time such as "5 s"').describe('A time: "250 ms", "5 s", "10 minutes", "2 days", "1 week"; a number is milliseconds');
const label = z.string().max(60).optional().describe('What people call the field; its name, if left out');

const fieldShapes = [
  z.strictObject({ type: z.literal('register'), label, initial: scalar.default('') }),
  z.strictObject({ type: z.literal('text'), label, initial: text.default('') }),
  z.strictObject({ type: z.literal('counter'), label, initial: step.default(0) }),
  z.strictObject({ type: z.literal('set'), label, initial: z.array(text).max(listLengthMax).default([]) }),
  z.strictObject({ type: z.literal('list'), label, initial: z.array(z.union([text, z.strictObject({ label: text, done: z.boolean() })], 'expected a label, or { label, done } with done true or false')).max(listLengthMax).default([]) }),
  z.strictObject({ type: z.literal('stock'), label, initial: step.default(0) }),
] as const;

const rate = z.number().min(0).max(1);
const ms = z.number().min(0).max(60_000);
const faultsShape = z.strictObject({
  latencyMs: ms.optional(), jitterMs: ms.optional(), bandwidthKbps: z.number().positive().nullable().optional(),
  dropRate: rate.optional(), duplicateRate: rate.optional(), reorderRate: rate.optional(), cut: z.boolean().optional(),
}).describe('What happens to frames one way; what is left out is no fault');

/** By field: what is done to it. */
function ofFields<Shape extends z.ZodType>(shape: Shape) {
  return z.record(fieldName, shape);
}

const typed = z.union([
  text,
  z.strictObject({ text, at: z.union([z.number().int().min(0), z.enum(['start', 'end'])]).optional().describe('UTF-16 code units from the start, or start, or end') }),
  z.strictObject({ text, after: text.describe('Right after this text') }),
  z.strictObject({ text, before: text.describe('Right before this text') }),
], 'expected a text, or { text, at } with at a number, start or end, or { text, after } or { text, before }');

const nth = z.number().int().min(1).max(listLengthMax).describe('Which of several items with this label, from the top; the first is 1');
const item = z.union([text, z.strictObject({ label: text, nth })], 'expected the label of an item, or { label, nth }').describe('An item by its label; by label and number where several have it');

/** What a person does at a replica; each by field. */
export const actionShapes = {
  set: ofFields(scalar).describe('Register: gives it a value'),
  type: ofFields(typed).describe('Text: types, at its end if nothing else is said'),
  erase: ofFields(z.union([text, z.strictObject({ at: z.number().int().min(0), count: z.number().int().min(1).max(stringLengthMax) })], 'expected the text to erase, or { at, count }')).describe('Text: erases the first place where this stands, or so many code units'),
  increment: z.union([fieldName, ofFields(step)], 'expected a field, or by field a whole number').describe('Counter: adds 1, or so much'),
  add: ofFields(text).describe('Set: adds an element'),
  remove: ofFields(item).describe('Set: removes an element. List: removes the item of this label'),
  insert: ofFields(z.union([text, z.strictObject({ label: text, after: item.nullable().optional() })], 'expected a label, or { label, after }')).describe('List: a new item, at the end or after the item of a label; null is the beginning'),
  relabel: ofFields(z.strictObject({ item, label: text })).describe('List: renames an item'),
  tick: ofFields(item).describe('List: ticks an item'),
  untick: ofFields(item).describe('List: unticks an item'),
  move: ofFields(z.strictObject({ item, after: item.nullable().optional() })).describe('List: moves an item to the end or after another one; null is the beginning'),
  reserve: z.union([fieldName, ofFields(amount)], 'expected a field, or by field a whole number from 1 on').describe('Stock: takes 1, or so many'),
  release: z.union([fieldName, ofFields(amount)], 'expected a field, or by field a whole number from 1 on').describe('Stock: gives 1 back, or so many'),
  keep: ofFields(z.union([scalar, z.array(text)], 'expected a value, or a list of texts')).describe('Siblings: the value that a person keeps, or their own words'),
};

/** What happens to the network, the clocks and the machines. */
export const eventShapes = {
  read: replica.describe('The person at `at` reads everything at this replica'),
  offline: replicas.describe('Network switch off'),
  online: replicas.describe('Network switch on'),
  islands: z.array(z.array(replica).min(1)).min(1).describe('Only the members of one group reach each other; all that are in no group are one more'),
  heal: z.literal(true).describe('One island, good links, everybody up and online'),
  link: z.record(replica, z.strictObject({ upstream: faultsShape.optional(), downstream: faultsShape.optional() })).describe('Bends the links of replicas, each way by itself'),
  skew: z.record(replica, duration).describe('How far a clock is ahead from now on; negative: behind'),
  crash: replicas.describe('The program is killed'),
  restart: replicas.describe('It is opened again, with what was on its disk'),
  promote: replica.describe('This replica is made the single leader'),
  wait: duration.describe('Time passes'),
};

const modifiers = {
  say: sentence.optional().describe('What happens and what to look at, in one sentence'),
  at: replica.optional().describe('Who does it'),
  in: strategyIdShape.optional().describe('The column that the person looks at; the first one, if left out'),
  times: z.number().int().min(1).max(10_000).optional().describe('So many times'),
};

const singleStep = z.strictObject({ ...modifiers, ...actionShapes, ...eventShapes }).partial();
const stepShape = z.strictObject({
  ...modifiers, ...actionShapes, ...eventShapes,
  together: z.array(singleStep).min(1).max(stepsMax).describe('Steps that nobody waits between: nothing is delivered meanwhile'),
}).partial();

export type RawStep = z.infer<typeof stepShape>;

const boundsExpected = 'expected a number, "at least 2", "at most 2" or "2 to 5"';
const bounds = z.union([z.number(), z.string().regex(/^(at least|at most) \d{1,15}$|^\d{1,15} to \d{1,15}$/, boundsExpected)], boundsExpected).describe('A number, "at least 2", "at most 2" or "2 to 5"');
const level = z.enum(levels as [(typeof levels)[number], ...(typeof levels)[number][]]);
const oneOrMore = z.union([level, z.array(level)], `expected one or more of ${levels.join(', ')}`);

const expectShape = z.strictObject({
  ...(Object.fromEntries(figures.map((figure) => [figure, bounds.optional()])) as Record<(typeof figures)[number], z.ZodOptional<typeof bounds>>),
  converged: z.boolean().optional().describe('Whether all replicas show the same in the end'),
  holds: oneOrMore.optional().describe('Levels of consistency that hold'),
  breaks: oneOrMore.optional().describe('Levels of consistency that are broken'),
  strongest: level.optional().describe('The strongest level that holds'),
  value: ofFields(z.union([scalar, z.array(text)], 'expected a value, or a list of texts')).optional().describe('What fields hold in the end; of a list, the labels'),
  neverBelow: ofFields(z.number()).optional().describe('Least that a counter or a stock may show at any replica after any step'),
});

export const scenarioShape = z.strictObject({
  title: z.string().min(1).max(120),
  lookAt: sentence.default('').describe('What it teaches and where to look'),
  fields: z.record(fieldName, z.discriminatedUnion('type', fieldShapes, 'expected a field with type register, text, counter, set, list or stock')).describe('The document'),
  replicas: z.array(replica).min(1).max(scenarioReplicasMax).default(['A', 'B', 'C']),
  leader: replica.optional().describe('Who leads under single leader at first; the first of the replicas, if left out'),
  strategies: z.array(strategyIdShape).min(1).optional().describe('All six, if left out'),
  preset: z.enum(presets.map(({ id }) => id) as [string, ...string[]]).optional().describe('Settings of a named system'),
  settings: z.strictObject(Object.fromEntries(Object.entries(strategySettingsShapes).map(([name, shape]) => [name, shape.partial()])) as { [Name in keyof typeof strategySettingsShapes]: ReturnType<(typeof strategySettingsShapes)[Name]['partial']> }).partial().optional(),
  steps: z.array(stepShape).min(1).max(stepsMax),
  expect: z.partialRecord(z.union([strategyIdShape, z.literal('every')]), expectShape).default({}).describe('What must hold in the end, by strategy; "every": under all that run'),
});

export type RawScenario = z.infer<typeof scenarioShape>;
export type RawExpectations = z.infer<typeof expectShape>;

/** The format as JSON Schema (draft 2020-12). */
export function scenarioJsonSchema(): object {
  return { ...(z.toJSONSchema(scenarioShape, { io: 'input' }) as object), title: 'Rejoin scenario' };
}
