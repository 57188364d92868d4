/** What a window is about just now. */
import type { VersionVector } from '../../shared/clocks/version-vector.ts';
import { isCutOff, type Reach } from './reach.ts';
import type { WatchedRejoin } from './rejoin-watch.ts';

/** `calm`: it has met nobody again yet. `apart`: somebody is out of reach. `rejoined`: what the latest rejoin did is shown. */
export type WindowPhase = 'calm' | 'apart' | 'rejoined';

export function windowPhase(online: boolean, reach: Reach, rejoins: readonly WatchedRejoin[]): WindowPhase {
  if (!online || isCutOff(reach)) return 'apart';
  return rejoins.length > 0 ? 'rejoined' : 'calm';
}

/** What all open windows had last, before the edits whose authors are shown: before the latest rejoin, else now. */
export function sinceAllHad(phase: WindowPhase, rejoins: readonly WatchedRejoin[], everywhere: VersionVector): VersionVector {
  const latest = phase === 'rejoined' ? rejoins.at(-1) : undefined;
  return latest ? latest.had.meet(latest.others).meet(everywhere) : everywhere;
}
