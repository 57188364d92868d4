/** Runs the checkers from their source with one place of it changed. */
import { loadShared } from '../../../support/shared-variant.ts';
import type { Checkers } from './agreement.ts';
import type { BrokenVariant } from './broken-variants.ts';

const folder = 'shared/analysis/verdicts';

/** Throws if the place is not there exactly once: then the variant has to follow the source. */
export function loadVariant({ mistake, file, right, wrong }: BrokenVariant): Checkers {
  const load = loadShared({ name: mistake, file: `${folder}/${file}`, find: right, put: wrong });
  const from = (name: string): Record<string, unknown> => load(`${folder}/${name}`);
  return {
    linearizable: from('linearizable.ts')['linearizable'],
    sequential: from('sequential.ts')['sequential'],
    causal: from('causal.ts')['causal'],
    sessionGuarantees: from('session-guarantees.ts'),
    counterOf: from('specification.ts')['counterOf'],
    stockOf: from('specification.ts')['stockOf'],
  } as unknown as Checkers;
}
