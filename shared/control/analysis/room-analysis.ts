/**
 * Goes through long histories of rooms, beside the thread that the relay runs in.
 *
 * Guarantees: what is found is true of one moment of the room. Each method rejects with an Error of one line where the
 * history cannot be gone through.
 */
import type { Replication } from '../../analysis/replication/replication-figures.ts';
import type { ReplicationSeries } from '../../analysis/replication/replication-series.ts';
import type { FinalReadEvent } from '../../history/room-event.ts';
import type { Room } from '../../relay/room/room.ts';
import type { ReportQuestion, RoomJudged, RoomQuestion, RoomTotals, SeriesQuestion, VerdictQuestion } from './room-findings.ts';

export interface RoomAnalysis {
  totals(room: Room, questionOf: () => RoomQuestion): Promise<readonly RoomTotals[]>;
  replication(room: Room, questionOf: () => RoomQuestion): Promise<Replication>;
  series(room: Room, questionOf: () => SeriesQuestion): Promise<ReplicationSeries>;
  /** One HTML file. */
  report(room: Room, questionOf: () => ReportQuestion): Promise<string>;
  finalReads(room: Room, questionOf: () => VerdictQuestion): Promise<readonly FinalReadEvent[]>;
  /** Under all strategies that the settings name. */
  verdicts(room: Room, questionOf: () => VerdictQuestion): Promise<RoomJudged>;
}
