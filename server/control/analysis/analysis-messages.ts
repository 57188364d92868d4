/** What the relay and its thread for long histories say to each other. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { StrategyTotals } from '../../../shared/protocol/control.ts';
import type { RoomJudged, RoomQuestion, VerdictQuestion } from './room-findings.ts';

export type ToThread =
  /** More records of a room, of each replica in order; see `packedRecords`. */
  | { readonly kind: 'records'; readonly room: string; readonly records: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'forget'; readonly room: string }
  | { readonly kind: 'totals'; readonly number: number; readonly room: string; readonly document: Uint8Array; readonly question: RoomQuestion }
  | { readonly kind: 'verdicts'; readonly number: number; readonly room: string; readonly document: Uint8Array; readonly question: VerdictQuestion };

export interface FromThread {
  /** That of what was asked. */
  readonly number: number;
  readonly found?: readonly StrategyTotals[] | RoomJudged;
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
