/** Copies of the six strategies as a replica has them, and what one of their edits is on the wire. */
import * as Y from 'yjs';
import { labSchema } from '../shared/document/schema.ts';
import type { Edit, EditRecord, StrategyId } from '../shared/history/record.ts';
import { decodeRecord, encodeRecord } from '../shared/history/record-codec.ts';
import { Consensus } from '../shared/strategies/consensus/consensus.ts';
import type { CoordinatedStrategy } from '../shared/strategies/coordinated-strategy.ts';
import { LastWriterWins } from '../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Quorum } from '../shared/strategies/quorum/quorum.ts';
import { defaultQuorumSettings } from '../shared/strategies/quorum/settings.ts';
import { Siblings } from '../shared/strategies/siblings/siblings.ts';
import { SingleLeader } from '../shared/strategies/single-leader/single-leader.ts';
import type { Strategy } from '../shared/strategies/strategy.ts';
import { YjsStrategy } from '../shared/strategies/yjs/yjs-strategy.ts';
import type { CoordinatedId } from '../shared/strategies/registry.ts';

export type AnsweringId = Exclude<StrategyId, CoordinatedId>;

let clients = 3_000_000_000;

export function answeringCopy(id: AnsweringId): Strategy {
  switch (id) {
    case 'last-writer-wins': return new LastWriterWins(labSchema);
    case 'siblings': return new Siblings(labSchema);
    case 'crdt': {
      const doc = new Y.Doc();
      // As long as the random ones are.
      doc.clientID = ++clients;
      return new YjsStrategy(labSchema, doc);
    }
  }
}

/** A majority reads and writes, and replicates. */
export function talkingCopy(id: CoordinatedId, members: number): CoordinatedStrategy {
  const majority = Math.floor(members / 2) + 1;
  switch (id) {
    case 'quorum': return new Quorum(labSchema, { ...defaultQuorumSettings, r: majority, w: majority });
    case 'consensus': return new Consensus(labSchema);
    case 'single-leader': return new SingleLeader(labSchema);
  }
}

/** An edit as it goes out: the record in which it is journalled, and what goes beside it (the CRDT's update). */
export interface Outgoing {
  readonly record: Uint8Array;
  readonly update: Uint8Array | null;
}

/** Carries the edit out and makes bytes of it. Throws if it is refused: the edits are made so that none is. */
export function carriedOut(strategy: Strategy, edit: Edit): Outgoing {
  const { trace, carry } = strategy.perform(edit);
  if (trace.outcome === 'refused') throw new Error(`${strategy.id} refused ${JSON.stringify(edit)}: ${trace.reason}`);
  const record: EditRecord = { ...edit, traces: { [strategy.id]: trace } };
  return { record: encodeRecord(record), update: carry ?? null };
}

/** What another copy does with the bytes. */
export function takenOver(strategy: Strategy, { record, update }: Outgoing): void {
  if (strategy.take) strategy.take(decodeRecord(record));
  else if (update) strategy.receive(update);
}
