/** The lab's own document, as scenarios write documents. */
import type { ReplicaId } from '../clocks/dot.ts';
import { labSchema } from '../document/schema.ts';
import type { RunTemplate } from './random-scenario.ts';

/** With these replicas, and nothing expected. */
export function labRunTemplate(replicas: readonly ReplicaId[]): RunTemplate {
  const fields = Object.fromEntries(labSchema.map(({ id, type, label, initial }) => [id, { type, label, initial }])) as RunTemplate['fields'];
  return { title: 'A random run', lookAt: '', fields, replicas: [...replicas], expect: {} };
}
