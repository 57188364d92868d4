/**
 * Replays a saved history. What the strategies made of each edit is recorded with it, and is what is judged. Carried out anew, from intents and causal
 * contexts, are only strategies that answer at once: those that have no traces in the file, and the CRDT where its document was not saved.
 *
 * Guarantees: malformed traces are found here, before anybody judges by them, and named by their line. Carried out anew, an edit meets a copy that has exactly
 * its causal context; in the room the CRDT's document travelled apart from the journal, so that it may have had a little more or less.
 */
import * as Y from 'yjs';
import type { ReplicaId } from '../clocks/dot.ts';
import { errorText } from '../encoding/error-text.ts';
import type { ReadHistory } from '../history/history-file.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId, strategyIds } from '../history/record.ts';
import type { RoomEvent } from '../history/room-event.ts';
import { UnreadableInput } from '../encoding/unreadable-input.ts';
import { isCoordinated, strategyNames } from '../strategies/registry.ts';
import { LastWriterWins, writesOf } from '../strategies/last-writer-wins/last-writer-wins.ts';
import { defaultSiblingsSettings, type SiblingsSettings } from '../strategies/siblings/settings.ts';
import { Siblings, siblingWriteOf } from '../strategies/siblings/siblings.ts';
import { parseYjsDetails, seedClient } from '../strategies/yjs/yjs-strategy.ts';
import { type AnsweringId, answeringIds, ReplayedCopies } from './replayed-copies.ts';
import { everythingIn, mustBeBearable, type Progress, type Replayed, replayedAt } from './replayed.ts';

export interface HistoryReplayOptions {
  /** Null: those that the history names or has traces of. */
  readonly strategies: readonly StrategyId[] | null;
  readonly progress?: Progress;
}

export interface ReplayedHistory extends Replayed {
  /** Those that were carried out anew. */
  readonly anew: readonly AnsweringId[];
}

/** Yjs numbers clients with 32 bits. */
const clientMax = 2 ** 32 - 1;
/** How many deleted characters or values all traces of a history may name. */
const deletedMax = 20_000_000;
/** So many records at a time are given to a strategy, as arguments of a call are limited. */
const batch = 10_000;

/** Throws an UnreadableInput, with the line where one is to blame. */
export function replayHistory(history: ReadHistory, { strategies: wanted, progress }: HistoryReplayOptions): ReplayedHistory {
  mustBeWellFormed(history);
  const recorded = new Set(history.records.flatMap((record) => (isEdit(record) ? (Object.keys(record.traces) as StrategyId[]) : [])));
  const strategies = strategiesOf(history, recorded, wanted);
  const document = strategies.includes('crdt') && recorded.has('crdt') && history.document ? documentOf(history.document) : null;
  const anew = answeringIds.filter((id) => strategies.includes(id) && (!recorded.has(id) || (id === 'crdt' && document === null)));
  const again = anew.length > 0 ? carriedOut(history, anew, recorded, progress) : null;
  const records = again?.records ?? history.records;
  const has = (id: AnsweringId): boolean => strategies.includes(id) && !anew.includes(id);
  const lastWriterWins = has('last-writer-wins') ? taken(new LastWriterWins(history.schema), records) : again?.lastWriterWins;
  const siblings = has('siblings') ? taken(new Siblings(history.schema, resolversIn(history)), records) : again?.siblings;
  const crdt = document ?? again?.crdt;
  return {
    schema: history.schema,
    records,
    // A final read of what is carried out anew tells of another run.
    events: history.events.map((event) => withoutFinals(event, anew)),
    strategies,
    anew,
    ...(crdt ? { crdt } : {}),
    ...(lastWriterWins ? { lastWriterWins } : {}),
    ...(siblings ? { siblings } : {}),
    everywhere: everythingIn(records),
    converged: again?.converged ?? {},
  };
}

function withoutFinals(event: RoomEvent, anew: readonly AnsweringId[]): RoomEvent {
  if (event.kind !== 'final-read' || anew.length === 0) return event;
  const without = <Value>(named: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> => Object.fromEntries(Object.entries(named).filter(([id]) => !(anew as readonly string[]).includes(id)));
  return { ...event, payload: { shown: without(event.payload.shown), digests: without(event.payload.digests) } };
}

function strategiesOf(history: ReadHistory, recorded: ReadonlySet<StrategyId>, wanted: readonly StrategyId[] | null): StrategyId[] {
  const silent = wanted?.find((id) => isCoordinated(id) && !recorded.has(id));
  if (silent) throw new UnreadableInput(`expected a history with edits under ${strategyNames[silent]}: it has none, and copies that have to ask each other cannot answer anew`);
  const named = new Set(wanted ?? [...history.strategies, ...recorded]);
  const found = strategyIds.filter((id) => named.has(id) && (!isCoordinated(id) || recorded.has(id)));
  return found.length > 0 ? found : [...answeringIds];
}

function carriedOut({ schema, records, lines }: ReadHistory, anew: readonly AnsweringId[], recorded: ReadonlySet<StrategyId>, progress: Progress | undefined): Replayed {
  const clients = clientsOf(records, lines);
  mustBeBearable(clients.size, records.length);
  const copies = new ReplayedCopies(schema, anew);
  const replayed = records.map((record, index) => {
    progress?.(index, records.length);
    const meant = isEdit(record) ? anew.filter((id) => isMeantFor(record, id, recorded)) : [];
    if (!isEdit(record) || meant.length === 0) {
      copies.pass(record);
      return record;
    }
    return copies.perform(record, clientOf(record) ?? clients.get(record.dot.replica)!, meant);
  });
  return replayedAt(schema, copies, replayed, anew);
}

/** What was gathered from a pause in typing is for those that ask others; its keys are edits of their own. */
function isMeantFor({ traces, only, gathers }: EditRecord, id: AnsweringId, recorded: ReadonlySet<StrategyId>): boolean {
  if (recorded.has(id)) return traces[id] !== undefined;
  return gathers === undefined && (only === undefined || only.includes(id));
}

/** For each replica a Yjs client id: its own where traces name one, else one that nobody else has. Two replicas that share one cannot be replayed. */
function clientsOf(records: readonly JournalRecord[], lines: readonly number[]): Map<ReplicaId, number> {
  const owners = new Map<number, ReplicaId>();
  const clients = new Map<ReplicaId, number>();
  records.forEach((record, index) => {
    const { replica } = record.dot;
    const client = isEdit(record) ? clientOf(record) : null;
    if (client === null) return;
    const owner = owners.get(client) ?? replica;
    if (owner !== replica) throw new UnreadableInput(`expected a Yjs client id for each replica; ${owner} and ${replica} share ${client}`, lines[index]);
    if (client === seedClient || client > clientMax) throw new UnreadableInput(`expected a Yjs client id from ${seedClient + 1} to ${clientMax}, not ${client}`, lines[index]);
    owners.set(client, replica);
    clients.set(replica, client);
  });
  let free = seedClient + 1;
  for (const replica of [...new Set(records.map(({ dot }) => dot.replica))].sort()) {
    if (clients.has(replica)) continue;
    while (owners.has(free)) free++;
    owners.set(free, replica);
    clients.set(replica, free);
  }
  return clients;
}

function clientOf({ traces }: EditRecord): number | null {
  return traces.crdt?.outcome === 'accepted' ? parseYjsDetails(traces.crdt.details).created.client : null;
}

/** The details of traces belong to the strategies: each is shown its own. */
function mustBeWellFormed({ records, lines, schema }: ReadHistory): void {
  const fields = new Set(schema.map(({ id }) => id));
  let deleted = 0;
  records.forEach((record, index) => {
    try {
      if (!isEdit(record)) return;
      for (const [field] of writesOf(record)) if (!fields.has(field)) throw new RangeError(`expected writes of fields of the document, not of "${field.slice(0, 40)}"`);
      siblingWriteOf(record);
      mustBeTakeable(record);
      if (record.traces.crdt?.outcome !== 'accepted') return;
      for (const range of parseYjsDetails(record.traces.crdt.details).deleted) deleted += range.length;
      if (deleted > deletedMax) throw new RangeError(`expected traces that name at most ${deletedMax} deleted characters and values`);
    } catch (error) {
      throw new UnreadableInput(errorText(error), lines[index]);
    }
  });
}

/** A choice between siblings is no intent for a field of another strategy. */
function mustBeTakeable({ intent, traces }: EditRecord): void {
  if (intent.kind !== 'resolve') return;
  const taker = answeringIds.find((id) => id !== 'siblings' && traces[id]?.outcome === 'accepted');
  if (taker) throw new RangeError(`expected a choice between siblings to be taken by ${strategyNames.siblings} alone, not by ${strategyNames[taker]}`);
}

function documentOf(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc();
  try {
    Y.decodeUpdate(update);
    Y.applyUpdate(doc, update);
  } catch (error) {
    throw new UnreadableInput(`expected an update of Yjs as the document: ${errorText(error)}`);
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) throw new UnreadableInput('expected a whole Yjs document: parts of it build on what is not there');
  return doc;
}

/** The resolvers that the last recorded edits were made with. */
function resolversIn({ records, schema }: ReadHistory): SiblingsSettings {
  const typeOf = new Map(schema.map(({ id, type }) => [id, type]));
  let settings = defaultSiblingsSettings;
  for (const record of records) {
    const write = siblingWriteOf(record);
    if (!write || !isEdit(record)) continue;
    const type = typeOf.get(record.field);
    if (type === 'set') settings = { ...settings, sets: write.resolver === 'union' ? 'union' : 'ask' };
    else if (type === 'counter' || type === 'stock') settings = { ...settings, numbers: write.resolver === 'maximum' || write.resolver === 'sum' ? write.resolver : 'ask' };
  }
  return settings;
}

function taken<Journaled extends LastWriterWins | Siblings>(strategy: Journaled, records: readonly JournalRecord[]): Journaled {
  for (let start = 0; start < records.length; start += batch) strategy.takeAll(records.slice(start, start + batch));
  return strategy;
}
