/**
 * The control core: what the control API and the control channel do, put together. Servers reach it over HTTP and WebSockets.
 *
 * Guarantees: knows no machine; nothing of it uses the relay before a window or a call comes.
 */
import { labSchema, type Schema } from '../document/schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Room } from '../relay/room/room.ts';
import type { RoomAnalysis } from './analysis/room-analysis.ts';
import { ControlChannel } from './channel/control-channel.ts';
import type { LabRelay, LabRelayEvent } from './lab-relay.ts';
import { RoomEvents } from './room/room-events.ts';
import { RoomMoments } from './room/room-moments.ts';
import { settingsOf } from './room/room-settings.ts';
import { RoomVerdicts } from './room/room-verdicts.ts';
import { RoomViews, type Scorecard } from './room/room-views.ts';
import { RoomScenarios, type ScenarioChoice } from './scenarios/room-scenarios.ts';
import type { ScenarioLibrary } from './scenarios/scenario-library.ts';

export interface LabCoreOptions {
  readonly clock: Clock;
  readonly report: (line: string) => void;
  readonly relay: () => LabRelay;
  /** The document of rooms without a scenario; null: the lab's own. */
  readonly schema: Schema | null;
  /** Computes the totals of each strategy; null: shared/analysis does. */
  readonly scorecard: Scorecard | null;
  /** For long histories; null: they are gone through here, too. */
  readonly analysis: RoomAnalysis | null;
  /** What there is to choose from; null: scenarios come as texts only. */
  readonly library: ScenarioLibrary | null;
  /** Milliseconds between pings of the control channel. */
  readonly pingMs: number;
}

export class LabCore {
  readonly events: RoomEvents;
  readonly verdicts: RoomVerdicts;
  readonly views: RoomViews;
  readonly moments: RoomMoments;
  readonly channel: ControlChannel;
  readonly scenarios: RoomScenarios;

  constructor(private readonly options: LabCoreOptions) {
    const { clock, report, relay, scorecard, analysis, library, pingMs } = options;
    const schemaOf = (room: Room): Schema => this.schemaOf(room);
    const refresh = (room: Room): void => this.channel.refresh(room.name);
    this.events = new RoomEvents({ clock, schemaOf, advancedMs: (room) => this.scenarios.advancedMs(room) });
    this.verdicts = new RoomVerdicts({
      clock, report, schemaOf, thread: analysis, renewed: refresh,
      everywhere: (room) => this.views.everywhere(room),
      statuses: (room) => this.views.statusesOf(room),
      isWatched: (room) => this.channel.isWatched(room.name),
    });
    this.views = new RoomViews({
      clock, report, scorecard, schemaOf, thread: analysis, renewed: refresh,
      eventsOf: (room) => this.events.of(room),
      outdated: (room) => this.verdicts.outdate(room),
      verdicts: (room) => this.verdicts.of(room),
      scenario: (room) => this.scenarios.view(room),
    });
    this.moments = new RoomMoments((room) => this.channel.momentChanged(room));
    const { views, events, moments, verdicts } = this;
    this.channel = new ControlChannel({ relay, views, events, moments, clock, report, pingMs });
    this.scenarios = new RoomScenarios({ clock, relay, channel: this.channel, views, verdicts, moments, schemaOf, library, report, changed: refresh });
  }

  /** The room's document. */
  schemaOf(room: Room): Schema {
    return settingsOf(room).schema ?? this.options.schema ?? labSchema;
  }

  /** Called after each change at the relay. */
  relayChanged(event: LabRelayEvent): void {
    if (event.kind === 'room-changed') {
      const { room, change } = event;
      if (change === 'emptied') {
        this.events.forget(room);
        this.moments.show(room, null);
      }
      if (change === 'faults' || change === 'settings') this.events.noteLab(room);
      else if (change !== 'sessions') this.views.outdate(room);
    }
    this.channel.relayChanged(event);
  }

  /** Empties a room and gives it a scenario of the library, or a text in YAML or JSON. Rejects with one line where it cannot be read. */
  async chooseScenario(room: string, choice: ScenarioChoice): Promise<void> {
    const lease = await this.options.relay().lease(room);
    try {
      await this.scenarios.choose(lease.room, choice);
    } finally {
      lease.release();
    }
  }

  close(): void {
    this.scenarios.close();
    this.channel.close();
    this.views.close();
    this.verdicts.close();
  }
}
