/** The lab's server: relay, control API, control channel and pages on one port. Everything hangs on the object that createLab returns. */
import { getRequestListener } from '@hono/node-server';
import { LabCore } from '../../shared/control/lab-core.ts';
import { settingsOf } from '../../shared/control/room/room-settings.ts';
import type { Scorecard } from '../../shared/control/room/room-views.ts';
import type { ScenarioChoice } from '../../shared/control/scenarios/room-scenarios.ts';
import type { Schema } from '../../shared/document/schema.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import type { SharedStoreState } from '../../shared/ports/shared-store.ts';
import { createRelay, type Relay, type RelayOptions } from '../relay/relay.ts';
import { systemClock } from '../relay/system-clock.ts';
import { AnalysisThread } from './analysis/analysis-thread.ts';
import { createApi } from './api.ts';
import { ControlSockets } from './control-sockets.ts';
import { ScenarioFiles } from './scenario-files.ts';

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
  const scorecard = options.scorecard ?? null;
  // A scorecard of somebody's own is not in the thread's program.
  const thread = options.analysisProgram && scorecard === null ? new AnalysisThread(options.analysisProgram, clock) : null;
  // API and channel need the relay, and the relay's server needs them; none of them is used before it listens.
  let started: Relay | null = null;
  const relay = (): Relay => {
    if (!started) throw new Error('the relay has not started');
    return started;
  };
  const core = new LabCore({
    clock, report, relay, scorecard, analysis: thread, schema: options.schema ?? null, pingMs: options.pingMs ?? 15_000,
    library: typeof options.scenariosDir === 'string' ? new ScenarioFiles(options.scenariosDir) : null,
  });
  const sockets = new ControlSockets({ relay, channel: core.channel, clock });
  const { store } = options;
  const storeState = (): SharedStoreState | null => ('state' in store ? store.state() : null);
  const api = createApi({ clock, storeState, relay, core, report, strategies: options.strategies ?? strategyIds, pagesDir: options.pagesDir ?? null });
  const close = (): void => {
    core.close();
    sockets.close();
    thread?.close();
  };
  try {
    started = await createRelay({
      ...options,
      leaderOf: (settings) => settingsOf({ settings }).leader,
      request: getRequestListener(api.fetch, { overrideGlobalObjects: false }),
      upgrade: (request, socket, head) => sockets.upgrade(request, socket, head),
    });
  } catch (error) {
    close();
    throw error;
  }
  const running = started;
  running.onEvent((event) => {
    if (event.kind === 'room-changed' || event.kind === 'online-changed') core.relayChanged(event);
  });
  return {
    url: running.url,
    port: running.port,
    relay: running,
    chooseScenario: (room, choice) => core.chooseScenario(room, choice),
    async close() {
      close();
      return running.close();
    },
  };
}
