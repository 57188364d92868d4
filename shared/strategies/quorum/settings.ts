/** The settings of a quorum, and what makes them impossible. */

export interface QuorumSettings {
  /** How many copies must answer a read, and the question for versions before a write; from 1 to the number of members. */
  readonly r: number;
  /** How many copies must hold a write before it is accepted; from 1 to the number of members. */
  readonly w: number;
  /** Whether a read afterwards brings the copies that answered with an older value up to date. */
  readonly readRepair: boolean;
  /** Whether a read makes sure that W copies hold its value before it answers: without it reads can go back in time. */
  readonly writeBack: boolean;
  /** Whether a reachable copy stands in for an unreachable one: it keeps a hint, answers, and counts for it. Then R + W > N promises nothing any more. */
  readonly sloppy: boolean;
  /** Whether copies compare their versions now and then, and take over newer ones. */
  readonly antiEntropy: boolean;
  /** How long to wait for answers before asking again, in milliseconds. */
  readonly answerTimeoutMs: number;
  /** How long after it was sent an edit without enough answers ends as refused or unknown, in milliseconds. */
  readonly outcomeTimeoutMs: number;
  /** How often hints are handed over, unknown writes sent again and versions compared, in milliseconds. */
  readonly everyMs: number;
}

export const defaultQuorumSettings: QuorumSettings = {
  r: 2, w: 2, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true, answerTimeoutMs: 400, outcomeTimeoutMs: 3000, everyMs: 1000,
};

/** Throws a RangeError that says what is wrong with the settings; `members` is N, where it is known. */
export function mustBeQuorum(settings: QuorumSettings, members = Number.MAX_SAFE_INTEGER): void {
  for (const [name, count, what] of [['R', settings.r, 'answer a read'], ['W', settings.w, 'hold a write']] as const) {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${name} is ${count}: at least 1 copy must ${what}`);
    if (count > members) throw new RangeError(`${name} is ${count}, but there are only ${members} replicas: at most ${members} copies can ${what}`);
  }
  for (const name of ['answerTimeoutMs', 'outcomeTimeoutMs', 'everyMs'] as const) {
    if (!(settings[name] > 0)) throw new RangeError(`${name} is ${settings[name]}: it must be more than 0 milliseconds`);
  }
}
