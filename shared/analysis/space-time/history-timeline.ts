/** The timeline of a saved history, or of what a room's history is just now. */
import * as Y from 'yjs';
import type { ReplicaId } from '../../clocks/dot.ts';
import { VersionVector } from '../../clocks/version-vector.ts';
import type { History } from '../../history/history.ts';
import { isEdit, type JournalRecord } from '../../history/record.ts';
import { type Ledger, ledgerSliced } from '../ledger.ts';
import type { PlainVector } from '../ledger-mirror.ts';
import { defaultSiblingsSettings } from '../../strategies/siblings/settings.ts';
import { type RoomLedgerSettings, roomLedgerSliced } from '../room-ledger.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { timelineSliced } from './make-timeline.ts';
import type { Timeline } from './timeline.ts';

/** What a live room is beside its history. Plain data, so that it can go to a worker. */
export interface LiveRoom {
  /** The open replicas with what they have: edits beyond it are still under way. */
  readonly open: readonly (readonly [ReplicaId, PlainVector])[];
  readonly settings: RoomLedgerSettings;
  readonly nowMs: number;
}

/** `live` null: all that is in the history had arrived everywhere, and it ends with its last event. */
export function* historyTimeline(history: History, live: LiveRoom | null): Sliced<Timeline> {
  const { schema, records, events, document, strategies } = history;
  const settings = live?.settings ?? { enabled: strategies, siblings: defaultSiblingsSettings };
  const doc = document === null ? undefined : new Y.Doc();
  if (doc && document) Y.applyUpdate(doc, document);
  const counters = new Map<ReplicaId, number>();
  yield* eachOf(records, ({ dot }) => void counters.set(dot.replica, dot.counter));
  const known = VersionVector.of(counters);
  const everywhere = (live?.open ?? []).reduce((all, [, has]) => all.meet(VersionVector.of(has)), known);
  const ledger = yield* judgedOrNot(history, doc, everywhere, settings);
  const judged = ledger.totals
    .map(({ strategy }) => strategy)
    .filter((strategy) => settings.enabled.includes(strategy));
  const open = live ? live.open.map(([replica]) => replica) : history.replicas;
  return yield* timelineSliced({
    schema,
    ledger,
    events,
    known,
    strategies: judged,
    open,
    nowMs: live?.nowMs ?? null,
  });
}

/**
 * Files and relays may have records that the strategies cannot take: what happened is drawn all the same,
 * without what became of it.
 */
function* judgedOrNot(
  { schema, records }: History,
  doc: Y.Doc | undefined,
  everywhere: VersionVector,
  settings: RoomLedgerSettings,
): Sliced<Ledger> {
  try {
    return yield* roomLedgerSliced(schema, records, doc, everywhere, settings);
  } catch {
    return yield* ledgerSliced({ schema, records: records.map(withoutTraces), everywhere });
  }
}

function withoutTraces(record: JournalRecord): JournalRecord {
  return isEdit(record) ? { ...record, traces: {} } : record;
}
