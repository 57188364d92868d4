/** A random intent for a field, one that a person could have had in front of this value. */
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldSpec, FieldValue } from '../../shared/document/schema.ts';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';
export declare function randomIntent(random: SeededRandom, field: FieldSpec, value: FieldValue): Intent;
