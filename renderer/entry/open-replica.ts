/** Puts a replica together from its parts: storage, strategies, connection, control channel. */
import * as string from 'lib0/string';
import { clearDocument, IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { labSchema, type Schema } from '../../shared/document/schema.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import { roomSegment } from '../../shared/protocol/room-name.ts';
import { Replica } from '../../shared/replica/replica.ts';
import { ReplicaNotes } from '../../shared/replica/replica-notes.ts';
import { StrategySet } from '../../shared/strategies/strategy-set.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { ClockOffset } from '../controllers/clock-offset.ts';
import { ControlConnection } from '../controllers/control-connection.ts';
import { LiveReplicaModel } from '../controllers/live-replica-model.ts';
import { NoteReports } from '../controllers/note-reports.ts';
import { WindowColumns } from '../controllers/window-columns.ts';
import { browserClock, ShiftedClock } from '../platform/browser-clock.ts';
import { noteCrash, takeAdvancedMs } from '../platform/crash-note.ts';
import { LabClient } from '../platform/lab-client.ts';
import { openLedgerLine } from '../platform/ledger-worker.ts';
import { nextTask } from '../platform/next-task.ts';
import type { ServerAddress } from '../platform/server-address.ts';
import { claimWindow } from '../platform/single-window.ts';
import { identify } from '../providers/identity.ts';
import { IndexedDbStore } from '../providers/indexeddb-store.ts';
import { RelayConnection } from '../providers/relay-connection.ts';

/** Waits between tries to get a name from a lab that does not answer, in milliseconds. */
const retryMs = 1_000;

/**
 * Opens the replica of this name. `report` is called with one line while it has to wait. Rejects with one clear line when it cannot be opened.
 */
export async function openReplica(name: string, server: ServerAddress, report: (line: string) => void): Promise<LiveReplicaModel> {
  const place = `rejoin/${roomSegment(server.room)}/${name}`;
  const advancedMs = takeAdvancedMs(name);
  if (!(await claimWindow(place))) throw new Error(`Replica ${name} is open in another window of this browser. Close that one, then load this page again.`);
  const store = await IndexedDbStore.open(place);
  const lab = new LabClient(server);
  const identity = await identify(store, (instance) => untilAnswered(() => lab.nameReplica(name, instance), 'to name this replica', report));
  const settings = await readSettings(store);
  let trouble = (error: unknown): void => report(`This window cannot store its settings: ${errorText(error)}`);
  const remember = (setting: string, value: string): void => void store.write([{ key: `setting/${setting}`, value: string.encodeUtf8(value) }]).catch((error: unknown) => trouble(error));
  const columns = new WindowColumns({ ...settings, remember });
  const schema = await roomSchema(store, lab, columns, report);
  // A new Y.Doc has a new random client id: no life of a replica ever uses that of another. [YJS8]
  const doc = new Y.Doc();
  const crdt = new YjsStrategy(schema, doc);
  await new IndexeddbPersistence(`${place}/yjs`, doc).whenSynced;
  const strategies = new StrategySet(schema, crdt);
  const clock = new ShiftedClock(browserClock);
  clock.advance(advancedMs);
  const connection = new RelayConnection({ server: server.origin.replace(/^http/, 'ws'), room: server.room, name: identity.replica, doc, pause: nextTask });
  const replica = await Replica.open({ id: identity.replica, instance: identity.instance, schema, strategies: strategies.answering, coordinated: strategies.coordinated, clock, store, transport: connection });
  replica.skewMs = settings.skewMs;
  const control = new ControlConnection({ server, replica: identity.replica });
  // In a database of its own: an edit never waits behind notes.
  const noteStore = await IndexedDbStore.open(`${place}/notes`);
  const reports = await NoteReports.open(noteStore, identity.instance, control);
  let offsetMs = 0;
  const notes = new ReplicaNotes({ schema, replica, strategies: strategies.all, clock: { wallMs: () => clock.wallMs() + offsetMs }, note: (note) => reports.add(note) });
  new ClockOffset(control, () => browserClock.wallMs(), (ms) => (offsetMs = replica.clockOffsetMs = ms));
  const session = new LiveReplicaModel({
    room: server.room,
    replica,
    strategies,
    columns,
    connection,
    control,
    notes: { promoted: () => notes.promoted(), all: () => reports.all },
    lab,
    openLedger: (received) => openLedgerLine(browserClock, received),
    clock: browserClock,
    remember,
    startOver: () => void startOver(store, noteStore, place).finally(() => location.reload()),
    advance: (ms) => clock.advance(ms),
    crash: () => {
      hasCrashed = true;
      noteCrash(name, identity.replica);
      location.reload();
    },
  });
  let hasCrashed = false;
  trouble = (error) => session.setTrouble(error);
  // y-indexeddb tells of a failure only this way.
  addEventListener('unhandledrejection', (event) => session.setTrouble(`Something failed: ${errorText(event.reason)}`));
  // What was typed last must not wait for a pause that nobody sees the end of.
  addEventListener('pagehide', () => hasCrashed || replica.endPause());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && replica.endPause());
  connection.isOnline = settings.online;
  return session;
}

/** Throws away the document and the journal, but not who this replica is. */
async function startOver(store: IndexedDbStore, notes: IndexedDbStore, place: string): Promise<void> {
  await emptied(store, ['journal/', 'carry/', 'keep/', 'fact/']);
  await emptied(notes, ['']);
  await clearDocument(`${place}/yjs`);
}

/** Throws away what is under these prefixes, and closes the store. */
async function emptied(store: IndexedDbStore, prefixes: readonly string[]): Promise<void> {
  const gone: string[] = [];
  for (const prefix of prefixes) for await (const { key } of store.read(prefix)) gone.push(key);
  await store.write(gone.map((key) => ({ key, value: null })));
  await store.close();
}

/** The room's document, as it was when this window first saw the room's present life; it may be opened without any contact later. */
async function roomSchema(store: IndexedDbStore, lab: LabClient, columns: WindowColumns, report: (line: string) => void): Promise<Schema> {
  for await (const { key, value } of store.read('fact/schema')) if (key === 'fact/schema') return JSON.parse(string.decodeUtf8(value)) as Schema;
  const settings = await untilAnswered(() => lab.settings(), 'to say what the document is', report);
  columns.follow(settings);
  const schema = settings.schema ?? labSchema;
  await store.write([{ key: 'fact/schema', value: string.encodeUtf8(JSON.stringify(schema)) }]);
  return schema;
}

async function untilAnswered<Answer>(ask: () => Promise<Answer>, what: string, report: (line: string) => void): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      report(`Waiting for the lab ${what}. ${errorText(error)}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

/** What a person set for this window. */
interface WindowSettings {
  online: boolean;
  skewMs: number;
  /** As text, for WindowColumns. */
  stage?: string;
  own?: string;
}

async function readSettings(store: IndexedDbStore): Promise<WindowSettings> {
  const settings: WindowSettings = { online: true, skewMs: 0 };
  for await (const { key, value } of store.read('setting/')) {
    const text = string.decodeUtf8(value);
    if (key === 'setting/online') settings.online = text !== 'false';
    if (key === 'setting/stage') settings.stage = text;
    if (key === 'setting/columns') settings.own = text;
    if (key === 'setting/skewMs' && Number.isSafeInteger(Number(text))) settings.skewMs = Number(text);
  }
  return settings;
}
