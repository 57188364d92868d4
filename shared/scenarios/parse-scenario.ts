/** From a scenario as it was written to one that can be played: shorthands become steps, names are checked against what there is. */
import type { Level } from '../analysis/verdicts/levels.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import { fieldValue } from '../document/intent.ts';
import type { FieldSpec, FieldType, FieldValue, Schema } from '../document/schema.ts';
import { errorText } from '../encoding/error-text.ts';
import { type StrategyId, strategyIds } from '../history/record.ts';
import { noFaults } from '../network/link.ts';
import { presetOf, withPreset } from '../strategies/presets.ts';
import { defaultQuorumSettings, mustBeQuorum } from '../strategies/quorum/settings.ts';
import { defaultStrategySettings, type StrategySettings } from '../strategies/registry.ts';
import { parseActions, saidIn } from './parse-actions.ts';
import { parseDuration } from './duration.ts';
import { type Bounds, type Expectation, figures, type Scenario, type Step, type StepDoes } from './scenario.ts';
import { standing } from './zod-messages.ts';
import { type ParseOptions, type At, mustBeField, mustBeReplica, pathText, ScenarioError, trouble } from './scenario-error.ts';
import { editsMax, eventShapes, fieldsMax, type RawExpectations, type RawScenario, type RawStep } from './scenario-format.ts';

/** Throws a ScenarioError that says what was expected. */
export function parseScenario(raw: RawScenario, lineOf: ParseOptions['lineOf'] = () => null): Scenario {
  const schema = schemaOf(raw.fields);
  const replicas = raw.replicas;
  const twice = replicas.findIndex((name, at) => replicas.indexOf(name) !== at);
  if (twice >= 0) throw new ScenarioError(['replicas', twice], `expected each replica once; ${replicas[twice]!} is there twice`);
  const strategies = strategyIds.filter((id) => (raw.strategies ?? strategyIds).includes(id));
  const settings = settingsOf(raw);
  const leader = raw.leader === undefined ? replicas[0]! : mustBeReplica(raw.leader, ['leader'], replicas);
  const document: ParseOptions = { schema, replicas, strategies, lineOf };
  const steps = raw.steps.flatMap((step, at) => stepsOf(step, ['steps', at], document));
  const edits = editsIn(steps);
  if (edits > editsMax) throw new ScenarioError(['steps'], `${edits.toLocaleString('en')} edits in all; ${editsMax.toLocaleString('en')} is the most`);
  return { title: raw.title, lookAt: raw.lookAt, schema, replicas, leader, strategies, settings, steps, expectations: expectationsOf(raw.expect, document) };
}

function editsIn(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + (step.kind === 'edit' ? step.times : step.kind === 'together' ? editsIn(step.steps) : 0), 0);
}

function schemaOf(fields: RawScenario['fields']): Schema {
  const entries = Object.entries(fields);
  if (entries.length === 0) throw new ScenarioError(['fields'], 'expected at least one field; there is none');
  if (entries.length > fieldsMax) throw new ScenarioError(['fields'], `there are ${entries.length.toLocaleString('en')} fields; ${fieldsMax} is the most`);
  return entries.map(([id, { type, label, initial }]) => ({ id, type, label: label ?? id.slice(0, 1).toUpperCase() + id.slice(1), initial: initialOf(type, id, initial) }) as FieldSpec);
}

function initialOf(type: FieldType, id: string, initial: unknown): FieldValue {
  if (type !== 'list') return fieldValue(type, initial);
  return (initial as (string | { label: string; done: boolean })[]).map((item, at) => ({ id: `initial-${id}:${at + 1}`, ...(typeof item === 'string' ? { label: item, done: false } : item) }));
}

function settingsOf({ preset, settings = {}, replicas }: RawScenario): StrategySettings {
  const base = preset === undefined ? defaultStrategySettings : withPreset(defaultStrategySettings, presetOf(preset));
  const merged = Object.fromEntries(Object.entries(base).map(([name, value]) => [name, { ...(value as object), ...settings[name as keyof typeof settings] }])) as unknown as StrategySettings;
  try {
    // What was not asked for need not fit: with one replica nobody needs a quorum of two.
    const { r, w } = settings.quorum ?? {};
    mustBeQuorum({ ...defaultQuorumSettings, ...merged.quorum }, r === undefined && w === undefined ? undefined : replicas.length);
  } catch (error) {
    throw new ScenarioError(['settings', 'quorum'], errorText(error));
  }
  return merged;
}

type EventKind = keyof typeof eventShapes;

const eventKinds = Object.keys(eventShapes) as EventKind[];

/** One written step may say several things to do, one after the other. */
function stepsOf(raw: RawStep, path: At, options: ParseOptions): Step[] {
  const does = [...togetherOf(raw, path, options), ...parseActions(raw, path, options), ...saidIn(raw, eventKinds).flatMap((kind) => eventsOf(kind, raw, path, options))];
  if (does.length === 0 && raw.say === undefined) throw new ScenarioError(path, 'this step does nothing: it needs something such as set, type, increment, offline or say');
  if (does.length === 0) does.push({ kind: 'say' });
  const isDone = does.some(({ kind }) => kind === 'edit');
  if (!isDone && (raw.times ?? raw.in) !== undefined) throw new ScenarioError([...path, raw.times === undefined ? 'in' : 'times'], 'this belongs to an edit, and there is none in this step');
  if (!isDone && raw.at !== undefined && raw.read === undefined) throw new ScenarioError([...path, 'at'], 'this belongs to an edit or a read, and there is none in this step');
  const where = pathText(path);
  const line = options.lineOf(path);
  return does.map((each, at) => ({ ...each, say: at === 0 ? (raw.say ?? null) : null, path: where, line }));
}

function togetherOf(raw: RawStep, path: At, options: ParseOptions): StepDoes[] {
  if (!raw.together) return [];
  return [{ kind: 'together', steps: raw.together.flatMap((step, at) => stepsOf(step, [...path, 'together', at], options)) }];
}

function eventsOf(kind: EventKind, raw: RawStep, path: At, { replicas }: ParseOptions): StepDoes[] {
  const here = [...path, kind];
  const known = (name: ReplicaId): ReplicaId => mustBeReplica(name, here, replicas);
  const duration = (value: string | number, at: At): number => parseDuration(value) ?? trouble(at, `expected a time such as "5 s", "10 minutes" or "1 week", of at most 366 days, not "${value}"`);
  switch (kind) {
    case 'read': return [{ kind, at: known(raw.at ?? trouble(path, 'a read needs at: who reads')), from: known(raw.read!) }];
    case 'offline': case 'online': case 'crash': case 'restart': return [{ kind, replicas: [raw[kind]!].flat().map(known) }];
    case 'islands': return [{ kind, groups: islandsOf(raw.islands!, here, known) }];
    case 'heal': return [{ kind }];
    case 'promote': return [{ kind, replica: known(raw.promote!) }];
    case 'link': return Object.entries(raw.link!).map(([replica, { upstream, downstream }]) => ({ kind, replica: known(replica), upstream: { ...noFaults, ...defined(upstream) }, downstream: { ...noFaults, ...defined(downstream) } }));
    case 'skew': return Object.entries(raw.skew!).map(([replica, skew]) => ({ kind, replica: known(replica), skewMs: duration(skew, [...here, replica]) }));
    case 'wait': return [{ kind, waitMs: positive(duration(raw.wait!, here), raw.wait!, here) }];
  }
}

function defined(faults: object | undefined): object {
  return Object.fromEntries(Object.entries(faults ?? {}).filter(([, value]) => value !== undefined));
}

function positive(ms: number, written: string | number, path: At): number {
  return ms >= 0 ? ms : trouble(path, `expected a time of 0 or more, not "${written}"`);
}

function islandsOf(groups: readonly (readonly ReplicaId[])[], path: At, known: (name: ReplicaId) => ReplicaId): readonly (readonly ReplicaId[])[] {
  const all = groups.flat().map(known);
  const twice = all.find((name, at) => all.indexOf(name) !== at);
  return twice === undefined ? groups : trouble(path, `${twice} is on two islands`);
}

function expectationsOf(expect: RawScenario['expect'], options: ParseOptions): Expectation[] {
  return Object.entries(expect).flatMap(([name, raw]) => {
    if (!raw) return [];
    const ids = name === 'every' ? options.strategies : [name as StrategyId];
    if (name !== 'every' && !options.strategies.includes(ids[0]!)) trouble(['expect', name], `${name} does not run in this scenario; ${options.strategies.join(', ')} do`);
    return ids.flatMap((strategy) => expectedOf(strategy, raw, ['expect', name], options.schema));
  });
}

function expectedOf(strategy: StrategyId, raw: RawExpectations, path: At, schema: Schema): Expectation[] {
  const about = (member: string): { readonly strategy: StrategyId; readonly path: string } => ({ strategy, path: [...path, member].join('.') });
  const found: Expectation[] = [];
  for (const figure of figures) if (raw[figure] !== undefined) found.push({ ...about(figure), kind: 'figure', figure, bounds: boundsOf(raw[figure], [...path, figure]) });
  if (raw.converged !== undefined) found.push({ ...about('converged'), kind: 'converged', converged: raw.converged });
  for (const level of listOf(raw.holds)) found.push({ ...about('holds'), kind: 'level', level, verdict: 'holds' });
  for (const level of listOf(raw.breaks)) found.push({ ...about('breaks'), kind: 'level', level, verdict: 'broken' });
  if (raw.strongest !== undefined) found.push({ ...about('strongest'), kind: 'strongest', level: raw.strongest });
  for (const [field, value] of Object.entries(raw.value ?? {})) found.push({ ...about('value'), kind: 'value', field, value: expectedValue(mustBeField(field, [...path, 'value'], schema), value, [...path, 'value', field]) });
  for (const [field, least] of Object.entries(raw.neverBelow ?? {})) found.push({ ...about('neverBelow'), kind: 'never-below', field: numeric(field, path, schema), least });
  return found;
}

function numeric(field: string, path: At, schema: Schema): string {
  const { type } = mustBeField(field, [...path, 'neverBelow'], schema);
  return type === 'counter' || type === 'stock' ? field : trouble([...path, 'neverBelow', field], `only a counter or a stock can be below something, and "${field}" is a ${type}`);
}

/** Of a list, only the labels are expected. */
function expectedValue({ type }: FieldSpec, value: unknown, path: At): FieldValue | readonly string[] {
  try {
    if (type === 'list') return fieldLabels(value);
    return fieldValue(type, value);
  } catch (error) {
    return trouble(path, errorText(error));
  }
}

function fieldLabels(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`expected a list of labels, not ${standing(value)}`);
  return value as string[];
}

function listOf(levels: Level | readonly Level[] | undefined): readonly Level[] {
  return levels === undefined ? [] : typeof levels === 'string' ? [levels] : levels;
}

function boundsOf(raw: number | string, path: At): Bounds {
  if (typeof raw === 'number') return { atLeast: raw, atMost: raw };
  const numbers = raw.match(/\d+/g)!.map(Number);
  if (raw.startsWith('at least')) return { atLeast: numbers[0]!, atMost: Infinity };
  if (raw.startsWith('at most')) return { atLeast: -Infinity, atMost: numbers[0]! };
  return numbers[0]! <= numbers[1]! ? { atLeast: numbers[0]!, atMost: numbers[1]! } : trouble(path, `expected the lower number first, not "${raw}"`);
}
