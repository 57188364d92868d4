/** The lab's own document, as scenarios write documents. */
import type { ReplicaId } from '../clocks/dot.ts';
import { labSchema } from '../document/schema.ts';
import type { Ground } from './random-scenario.ts';

/** With these replicas, and nothing expected. */
export function labGround(replicas: readonly ReplicaId[]): Ground {
  const fields = Object.fromEntries(labSchema.map(({ id, type, label, initial }) => [id, { type, label, initial }])) as Ground['fields'];
  return { title: 'A random run', lookAt: '', fields, replicas: [...replicas], expect: {} };
}
