/**
 * Which of two versions of a field is the older one, as far as those who observed them can know.
 *
 * The initial value is older than every write; of two writes the one that causally precedes the other. Two writes that causality does not order, or
 * orders both ways, are neither older nor newer. How the system ranks its versions is no part of it: what nobody could observe breaks no level.
 */
import type { CausalRelation } from './causal-relation.ts';
import type { Operation } from './operation.ts';
import type { Source } from './reads-from.ts';

export function isOlder(version: Source, than: Operation, relation: CausalRelation): boolean {
  return version === null || (relation.precedes(version, than) && !relation.precedes(than, version));
}
