/** What a replay leads to, whatever was replayed: the history with what each strategy made of it, and each strategy's state in the end. */
import type * as Y from 'yjs';
import { VersionVector } from '../clocks/version-vector.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { RoomEvent } from '../history/room-event.ts';
import { UnreadableInput } from '../encoding/unreadable-input.ts';
import type { LastWriterWins } from '../strategies/last-writer-wins/last-writer-wins.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import { type AnsweringId, type ReplayedCopies } from './replayed-copies.ts';

export interface Replayed {
  readonly schema: Schema;
  /** In causal order. */
  readonly records: readonly JournalRecord[];
  /** What else the history tells; empty for what was carried out anew from a recording. */
  readonly events: readonly RoomEvent[];
  /** The strategies to be judged. */
  readonly strategies: readonly StrategyId[];
  /** Their state after all records; absent where they are not judged. */
  readonly crdt?: Y.Doc;
  readonly lastWriterWins?: LastWriterWins;
  readonly siblings?: Siblings;
  /** All that was recorded. */
  readonly everywhere: VersionVector;
  /** Of the strategies that were carried out anew: whether all copies show the same in the end. Of the others nobody knows. */
  readonly converged: Readonly<Partial<Record<StrategyId, boolean>>>;
}

/** Called now and then with how much is done. */
export type Progress = (done: number, total: number) => void;

/** Each replica's copy holds each edit: so many in all are borne, at about 1 kB each. */
export const heldEditsMax = 1_000_000;

/** Throws an UnreadableInput where carrying out that many edits at that many replicas would take more memory than a usual machine has. */
export function mustBeBearable(replicas: number, edits: number): void {
  if (replicas * edits > heldEditsMax) throw new UnreadableInput(`expected at most ${heldEditsMax.toLocaleString('en-US')} edits times replicas; there are ${edits.toLocaleString('en-US')} edits of ${replicas} replicas`);
}

/** After all edits: delivers everything to all copies, and takes the state of these strategies. */
export function replayedAt(schema: Schema, copies: ReplayedCopies, records: readonly JournalRecord[], strategies: readonly AnsweringId[]): Replayed {
  copies.deliverAll();
  const { final } = copies;
  const has = (id: AnsweringId): boolean => strategies.includes(id);
  return {
    schema,
    records,
    events: [],
    strategies,
    ...(has('crdt') ? { crdt: final.crdt.doc } : {}),
    ...(has('last-writer-wins') ? { lastWriterWins: final.lastWriterWins } : {}),
    ...(has('siblings') ? { siblings: final.siblings } : {}),
    everywhere: everythingIn(records),
    converged: Object.fromEntries(strategies.map((id) => [id, copies.agree(id)])),
  };
}

export function everythingIn(records: readonly JournalRecord[]): VersionVector {
  return VersionVector.of(new Map(records.map(({ dot }) => [dot.replica, dot.counter])));
}
