/** What the relay and its thread for long histories say to each other. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Replication } from '../../../shared/analysis/replication/replication-figures.ts';
import type { ReplicationSeries } from '../../../shared/analysis/replication/replication-series.ts';
import type { FinalReadEvent } from '../../../shared/history/room-event.ts';
import type { ReportQuestion, RoomJudged, RoomQuestion, RoomTotals, SeriesQuestion, VerdictQuestion } from '../../../shared/control/analysis/room-findings.ts';

export type ToThread =
  /** More records of a room, of each replica in order; see `packedRecords`. */
  | { readonly kind: 'records'; readonly room: string; readonly records: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'forget'; readonly room: string }
  | ({ readonly number: number; readonly room: string; readonly document: Uint8Array } & Asked);

/** What is asked of a room's history. */
export type Asked =
  | { readonly kind: 'totals' | 'replication'; readonly question: RoomQuestion }
  | { readonly kind: 'series'; readonly question: SeriesQuestion }
  | { readonly kind: 'report'; readonly question: ReportQuestion }
  | { readonly kind: 'verdicts' | 'final-reads'; readonly question: VerdictQuestion };

export type Found = readonly RoomTotals[] | Replication | ReplicationSeries | string | RoomJudged | readonly FinalReadEvent[];

export interface FromThread {
  /** That of what was asked. */
  readonly number: number;
  readonly found?: Found;
  /** Why nothing could be found out. */
  readonly trouble?: string;
}

/** Encoded records as bytes of their own, which can be handed over. */
export function packedRecords(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, records.length);
    for (const record of records) encoding.writeVarUint8Array(encoder, record);
  }) as Uint8Array<ArrayBuffer>;
}

export function unpackedRecords(packed: Uint8Array): Uint8Array[] {
  const decoder = decoding.createDecoder(packed);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarUint8Array(decoder));
}
