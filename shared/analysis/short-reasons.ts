/** Why an action ended as it did, in some words beside its mark: "A wrote 4 s later". The review says it in whole sentences. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { EditRecord, StrategyId } from '../history/record.ts';
import type { Fate } from './fates/fate.ts';
import { duration, ownerOf, personOf } from './phrases.ts';

/** `edit`: the one of the action that ended so; `cause`: the one that its fate names. Empty where there is nothing to add to the fate's name. */
export function shortReason(strategy: StrategyId, fate: Fate, edit: EditRecord, cause: EditRecord | undefined, viewer: ReplicaId): string {
  switch (fate.disposition) {
    case 'lost': return lossReason(strategy, fate, edit, cause, viewer);
    case 'resurrected': return cause ? `${personOf(cause.dot.replica, viewer)} had not seen the removal` : '';
    case 'refused':
    case 'unknown': return fate.refusal ?? '';
    default: return '';
  }
}

function lossReason(strategy: StrategyId, fate: Fate, edit: EditRecord, cause: EditRecord | undefined, viewer: ReplicaId): string {
  switch (fate.reason) {
    case 'client-id': return 'one key, two writers: the higher client id stays';
    case 'rolled-back': return 'the old leader had not passed it on';
    case 'version': return 'a higher version won';
    case 'skew': return cause ? `${ownerOf(cause.dot.replica, viewer)} clock was ahead` : 'a clock was ahead';
    default: return strategy === 'last-writer-wins' && cause ? laterReason(edit, cause, viewer) : cause ? `${personOf(cause.dot.replica, viewer)} had not seen it` : '';
  }
}

function laterReason(edit: EditRecord, cause: EditRecord, viewer: ReplicaId): string {
  const laterMs = cause.wallMs - edit.wallMs;
  const person = personOf(cause.dot.replica, viewer);
  return laterMs > 0 ? `${person} wrote ${duration(laterMs)} later` : `${person} wrote at the same time`;
}
