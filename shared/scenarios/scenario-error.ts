/** What can be wrong in a scenario that is well formed: names that there are none of, and what makes no sense. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldSpec, Schema } from '../document/schema.ts';
import type { StrategyId } from '../history/record.ts';

/** Where something stands in what was written: members and places in lists. */
export type At = readonly (string | number)[];

/** Something that is well formed and makes no sense. */
export class ScenarioError extends RangeError {
  constructor(readonly path: At, message: string) {
    super(message);
  }
}

/** What a step may name. */
export interface ParseOptions {
  readonly schema: Schema;
  readonly replicas: readonly ReplicaId[];
  readonly strategies: readonly StrategyId[];
  /** The line of the file where something begins; null where there is none. */
  readonly lineOf: (path: At) => number | null;
}

/** The name, if there is such a replica. */
export function mustBeReplica(name: ReplicaId, path: At, replicas: readonly ReplicaId[]): ReplicaId {
  return replicas.includes(name) ? name : trouble(path, `there is no replica "${name}"; there are ${replicas.join(', ')}`);
}

/** The field, if there is one of this name. */
export function mustBeField(id: string, path: At, schema: Schema): FieldSpec {
  return schema.find((each) => each.id === id) ?? trouble([...path, id], `there is no field "${id}"; the document has ${schema.map((each) => each.id).join(', ')}`);
}

export function trouble(path: At, message: string): never {
  throw new ScenarioError(path, message);
}

/** "steps[3].offline"; places in lists count from 1. */
export function pathText(path: At): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part + 1}]` : `${text === '' ? '' : '.'}${part === '' ? '""' : part}`;
  return text;
}
