/**
 * The space-time diagram as plain data: one lane a replica, one mark an action, an arrow for each arrival,
 * bands where replicas were apart. make-timeline.ts makes it of a history. Times are true times, in
 * milliseconds since the Unix epoch. Design: 6-windows, "Space-time".
 */
import type { DotKey, ReplicaId } from '../../clocks/dot.ts';
import type { FieldType } from '../../document/schema.ts';
import type { StrategyId } from '../../history/record.ts';
import type { Disposition } from '../fates/fate.ts';

/** One action. Numbers by lane stand in the order of `lanes`. */
export interface Mark {
  /** The dot of its first edit. */
  readonly key: DotKey;
  /** Whether the history has it; else only a note of its replica tells of it. */
  readonly isHere: boolean;
  readonly lane: number;
  /** From its first edit to its last one. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: FieldType;
  /** What people call the field. */
  readonly field: string;
  /** “Offsite in Rome”, typing “hello”, +1 */
  readonly text: string;
  /** The exact names of its edits, as people number them: "C:2", "A:4–7". */
  readonly dots: string;
  /** The first and the last of those numbers. */
  readonly numbers: readonly [number, number];
  /** What its author had when it was made, as people number edits: "{A:47 B:2 C:2}". */
  readonly clock: string;
  /** The journal's counters of its first and its last edit. */
  readonly first: number;
  readonly last: number;
  /** By lane, the journal's counter up to which its author had seen that replica when it was begun. */
  readonly seen: readonly number[];
  /** By lane, when all of it had arrived there; null: it has not, as far as was noted. */
  readonly arrivedMs: readonly (number | null)[];
  /** A letter for each strategy, in their order: see `fateOf`. */
  readonly fates: string;
  /** Why it ended so, in a few words, where there is something to say. */
  readonly reasons: Readonly<Partial<Record<StrategyId, string>>>;
}

/** From lane to lane. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly departMs: number;
  /** Never before `departMs`. */
  readonly arriveMs: number;
  /** How many actions it stands for. */
  readonly count: number;
  /** Whether they had waited for the replica to be reached again. */
  readonly isRejoin: boolean;
}

/** A time that some replicas, which reached one another, were cut off from the others. */
export interface Apart {
  readonly replicas: readonly ReplicaId[];
  readonly fromMs: number;
  /** Null: they still are. */
  readonly toMs: number | null;
  /** Whether at that time every replica was by itself, as when the relay is off. */
  readonly isEachAlone: boolean;
}

/** The hatching between two lanes next to each other. */
export interface Band {
  /** Between this lane and the next one. */
  readonly above: number;
  readonly fromMs: number;
  readonly toMs: number | null;
}

/** The last action of the main side that did not get through, drawn up to the band. */
export interface BrokenMessage {
  readonly from: number;
  readonly departMs: number;
  readonly band: Band;
}

export interface Timeline {
  readonly lanes: readonly ReplicaId[];
  /**
   * By lane, whether its window is open and notes what arrives: of the others nobody waits for what they
   * lack.
   */
  readonly isAwaited: readonly boolean[];
  /** In the order in which they were begun. */
  readonly marks: readonly Mark[];
  readonly arrows: readonly Arrow[];
  readonly apart: readonly Apart[];
  readonly bands: readonly Band[];
  readonly broken: readonly BrokenMessage[];
  readonly strategies: readonly StrategyId[];
  readonly fromMs: number;
  /** Now, or the end of a saved history. */
  readonly toMs: number;
}

export const noTimeline: Timeline = {
  lanes: [],
  isAwaited: [],
  marks: [],
  arrows: [],
  apart: [],
  bands: [],
  broken: [],
  strategies: [],
  fromMs: 0,
  toMs: 0,
};

const letters: Readonly<Record<Disposition, string>> = {
  pending: 'p',
  visible: 'v',
  superseded: 's',
  lost: 'l',
  sibling: 'b',
  resurrected: 'r',
  refused: 'x',
  unknown: 'u',
};
const dispositions = new Map(
  Object.entries(letters).map(([disposition, letter]) => [letter, disposition as Disposition]),
);

/** `undefined`: it was not meant for the strategy. */
export function fateLetter(disposition: Disposition | undefined): string {
  return disposition === undefined ? '-' : letters[disposition];
}

/** How an action ended under a strategy; null: it was not meant for it, or the strategy was not judged. */
export function fateOf(
  { fates }: Pick<Mark, 'fates'>,
  strategies: readonly StrategyId[],
  strategy: StrategyId | null,
): Disposition | null {
  const at = strategy === null ? -1 : strategies.indexOf(strategy);
  return at < 0 ? null : (dispositions.get(fates[at] ?? '-') ?? null);
}
