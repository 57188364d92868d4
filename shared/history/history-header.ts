/** The first line of a saved history: which document, strategies and replicas it is about. */
import { isReplicaId, type ReplicaId } from '../clocks/dot.ts';
import { fieldValue, intentKinds } from '../document/intent.ts';
import type { FieldSpec, FieldType, Schema } from '../document/schema.ts';
import type { History } from './history.ts';
import { historyFormat, historyVersion, historyVersions } from './json-lines.ts';
import { inputText } from '../encoding/input-text.ts';
import { isStrategyId, vectorEntriesMax } from './record-parts.ts';
import { type StrategyId, strategyIds } from './record.ts';

/** Most fields of a document. */
const fieldsMax = 1_000;

/** Whether a first line is meant to be a history's. */
export function isHeader(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'format');
}

/** Reads the header; throws a RangeError that says what was expected. */
export function parseHeader(value: unknown): Pick<History, 'schema' | 'strategies' | 'replicas'> {
  const expected = `a header {"format":"${historyFormat}","version":${historyVersion},…}`;
  if (!isHeader(value)) throw new RangeError(`expected ${expected}`);
  if (value['format'] !== historyFormat) throw new RangeError(`expected ${expected}, not the format ${inputText(value['format'])}`);
  if (!historyVersions.includes(value['version'])) throw new RangeError(`expected version ${historyVersions.join(' or ')} of ${historyFormat}, not ${inputText(value['version'])}`);
  return { schema: parseSchema(value['schema']), strategies: parseStrategies(value['strategies']), replicas: parseReplicas(value['replicas']) };
}

function parseSchema(value: unknown): Schema {
  if (!Array.isArray(value) || value.length === 0 || value.length > fieldsMax) throw new RangeError(`expected a schema of 1 to ${fieldsMax} fields, not ${Array.isArray(value) ? value.length : inputText(value)}`);
  const schema = value.map(parseField);
  mustBeUnique(schema.map(({ id }) => id), 'field');
  return schema;
}

function parseField(value: unknown): FieldSpec {
  const { id, type, label, initial } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || id === '' || id === '__proto__' || typeof label !== 'string') throw new RangeError(`expected each field of the schema to have an id, a type, a label and an initial value; the id is ${inputText(id)}, the label ${inputText(label)}`);
  if (!isFieldType(type)) throw new RangeError(`expected ${Object.keys(intentKinds).join(', ')} as the type of the field "${id.slice(0, 40)}", not ${inputText(type)}`);
  try {
    return { id, type, label, initial: fieldValue(type, initial) } as FieldSpec;
  } catch (error) {
    throw new RangeError(`expected the field "${id.slice(0, 40)}" to begin with what a ${type} can hold: ${(error as Error).message}`);
  }
}

function isFieldType(value: unknown): value is FieldType {
  return typeof value === 'string' && Object.hasOwn(intentKinds, value);
}

function parseStrategies(value: unknown): StrategyId[] {
  const isList = Array.isArray(value);
  if (!isList || !value.every(isStrategyId)) throw new RangeError(`expected a list of strategies, of ${strategyIds.join(', ')}, not ${inputText(isList ? value.find((each) => !isStrategyId(each)) : value)}`);
  mustBeUnique(value, 'strategy');
  return value;
}

function parseReplicas(value: unknown): ReplicaId[] {
  const isList = Array.isArray(value);
  if (!isList || value.length > vectorEntriesMax) throw new RangeError(`expected a list of at most ${vectorEntriesMax} replicas' names, not ${isList ? value.length : inputText(value)}`);
  if (!value.every(isReplicaId)) throw new RangeError(`expected replicas' names such as "A", not ${inputText(value.find((each) => !isReplicaId(each)))}`);
  mustBeUnique(value, 'replica');
  return value;
}

function mustBeUnique(names: readonly string[], what: string): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new RangeError(`expected each ${what} once; ${inputText(twice)} is there twice`);
}
