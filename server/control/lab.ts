/** The lab's server: relay, control API, control channel and pages on one port. Everything hangs on the object that createLab returns. */
import { getRequestListener } from '@hono/node-server';
import type { SharedStoreState } from '../../shared/ports/shared-store.ts';
import { labSchema, type Schema } from '../../shared/document/schema.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import { createRelay, type Relay, type RelayOptions } from '../relay/relay.ts';
import type { Room } from '../../shared/relay/room/room.ts';
import { systemClock } from '../relay/system-clock.ts';
import { AnalysisThread } from './analysis/analysis-thread.ts';
import { createApi } from './api.ts';
import { ControlChannel } from './control-channel.ts';
import { RoomEvents } from './room-events.ts';
import { RoomMoments } from './room-moments.ts';
import { RoomScenarios, type ScenarioChoice } from './room-scenarios.ts';
import { RoomVerdicts } from './room-verdicts.ts';
import { settingsOf } from './room-settings.ts';
import { RoomViews, type Scorecard } from './room-views.ts';

export interface LabOptions extends Omit<RelayOptions, 'request' | 'upgrade' | 'leaderOf'> {
  /** Folder of the built pages (index.html, replica.html, assets); default: no pages are served. */
  readonly pagesDir?: string | null;
  /** Folder of the scenarios, with `catalogue` and `presets` in it; default: there is none, and scenarios come as texts. */
  readonly scenariosDir?: string | null;
  /** Computes the totals of each strategy; default: shared/analysis does. */
  readonly scorecard?: Scorecard;
  /** The built program of the thread that goes through long histories; default: the relay itself does. */
  readonly analysisProgram?: URL | null;
  /** The document of the rooms, as a saved history names it; default: the lab's own. */
  readonly schema?: Schema;
  /** The strategies that windows run, as a saved history names them. */
  readonly strategies?: readonly StrategyId[];
}

export interface Lab {
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  readonly port: number;
  readonly relay: Relay;
  /** Empties a room and gives it a scenario of the catalogue, or a text in YAML or JSON. Rejects with one line where it cannot be read. */
  chooseScenario(room: string, choice: ScenarioChoice): Promise<void>;
  /** Closes everything, stores what is left and frees the port. The store stays open. Resolves to the names of rooms with unsaved changes. */
  close(): Promise<readonly string[]>;
}

/** Starts a lab; rejects (EADDRINUSE and so on) when the address cannot be had. */
export async function createLab(options: LabOptions): Promise<Lab> {
  const clock = options.clock ?? systemClock;
  const report = options.report ?? (() => {});
  const schemaOf = (room: Room): Schema => settingsOf(room).schema ?? options.schema ?? labSchema;
  const scorecard = options.scorecard ?? null;
  // A scorecard of somebody's own is not in the thread's program.
  const thread = options.analysisProgram && scorecard === null ? new AnalysisThread(options.analysisProgram, clock) : null;
  // API and channel need the relay, and the relay's server needs them; none of them is used before it listens.
  let started: Relay | null = null;
  const relay = (): Relay => {
    if (!started) throw new Error('the relay has not started');
    return started;
  };
  const events = new RoomEvents({ clock, schemaOf, advancedMs: (room) => scenarios.advancedMs(room) });
  const verdicts: RoomVerdicts = new RoomVerdicts({ clock, report, schemaOf, thread, everywhere: (room) => views.everywhere(room), statuses: (room) => views.statusesOf(room), isWatched: (room) => channel.isWatched(room.name), renewed: (room) => channel.refresh(room.name) });
  const views: RoomViews = new RoomViews({ clock, report, scorecard, schemaOf, thread, eventsOf: (room) => events.of(room), outdated: (room) => verdicts.outdate(room), verdicts: (room) => verdicts.of(room), scenario: (room) => scenarios.view(room), renewed: (room) => channel.refresh(room.name) });
  const moments = new RoomMoments((room) => channel.momentChanged(room));
  const channel: ControlChannel = new ControlChannel({ relay, views, events, moments, clock, report, pingMs: options.pingMs ?? 15_000 });
  const scenarios: RoomScenarios = new RoomScenarios({ clock, relay, channel, views, verdicts, moments, schemaOf, folder: options.scenariosDir ?? null, report, changed: (room) => channel.refresh(room.name) });
  const { store } = options;
  const storeState = (): SharedStoreState | null => ('state' in store ? store.state() : null);
  const api = createApi({ clock, storeState, relay, views, events, verdicts, moments, scenarios, report, schemaOf, strategies: options.strategies ?? strategyIds, pagesDir: options.pagesDir ?? null });
  const close = (): void => {
    scenarios.close();
    channel.close();
    views.close();
    verdicts.close();
    thread?.close();
  };
  try {
    started = await createRelay({
      ...options,
      leaderOf: (settings) => settingsOf({ settings }).leader,
      request: getRequestListener(api.fetch, { overrideGlobalObjects: false }),
      upgrade: (request, socket, head) => channel.upgrade(request, socket, head),
    });
  } catch (error) {
    close();
    throw error;
  }
  const running = started;
  running.onEvent((event) => {
    if (event.kind !== 'room-changed' && event.kind !== 'online-changed') return;
    if (event.kind === 'room-changed' && event.change === 'emptied') {
      events.forget(event.room);
      moments.show(event.room, null);
    }
    if (event.kind === 'room-changed' && ['faults', 'settings'].includes(event.change)) events.noteLab(event.room);
    if (event.kind === 'room-changed' && !['sessions', 'faults', 'settings'].includes(event.change)) views.outdate(event.room);
    channel.relayChanged(event);
  });
  return {
    url: running.url,
    port: running.port,
    relay: running,
    async chooseScenario(room, choice) {
      const lease = await running.lease(room);
      try {
        await scenarios.choose(lease.room, choice);
      } finally {
        lease.release();
      }
    },
    async close() {
      close();
      return running.close();
    },
  };
}
