/** What a relay counts, as Prometheus reads it (text format 0.0.4). Each relay has figures of its own: nothing is registered for the process. */
import { Counter, Gauge, Registry } from 'prom-client';
import type { ReplicationFigures, StrategyTotals } from '../../shared/analysis/strategy-figures.ts';
import type { Relay } from '../relay/relay.ts';
import { troubleOf } from '../../shared/relay/storage/store-trouble.ts';
import { type Times, timeBoundsMs } from '../../shared/relay/relay-meter.ts';

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Whoever asks more often than this gets the same text, in milliseconds: writing it takes the relay's own time. */
const renderedMsMin = 1_000;

export type ReplicationOf = ReplicationFigures & Pick<StrategyTotals, 'strategy'>;

export class Metrics {
  private rendered: { readonly atMs: number; readonly text: Promise<string> } | null = null;

  /** `figures`: of each room that has windows, the latest figures of its strategies. */
  constructor(private readonly relay: () => Relay, private readonly figures: () => Iterable<readonly ReplicationOf[]>) {}

  /** The figures of this moment, or of a second before. */
  text(): Promise<string> {
    const nowMs = performance.now();
    if (this.rendered === null || nowMs - this.rendered.atMs >= renderedMsMin) this.rendered = { atMs: nowMs, text: metricsOf(this.relay(), nowMs, [...this.figures()].flat()) };
    return this.rendered.text;
  }
}

async function metricsOf(relay: Relay, nowMs: number, figures: readonly ReplicationOf[]): Promise<string> {
  const { meter } = relay;
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number): void => new Gauge({ name, help, registers: [registry] }).set(value);
  const counter = (name: string, help: string, value: number): void => new Counter({ name, help, registers: [registry] }).inc(value);
  gauge('rejoin_online', 'Whether the relay is switched on.', relay.online ? 1 : 0);
  gauge('rejoin_sessions', 'Sessions that are connected.', relay.sessionCount);
  gauge('rejoin_rooms', 'Rooms in memory.', relay.roomNames().length);
  gauge('rejoin_queue_frames', 'Frames that wait to be written to sockets.', relay.waitingFrames);
  addStoring(relay, nowMs, gauge);
  addProcess(relay, registry, gauge);
  addReplication(figures, registry);
  counter('rejoin_sessions_total', 'Sessions that were let in.', meter.sessionsOpened);
  counter('rejoin_deliveries_total', 'Edits handed on, once for each session that hears of one.', meter.deliveries);
  counter('rejoin_received_frames_total', 'Frames that came from sessions.', meter.framesReceived);
  counter('rejoin_received_bytes_total', 'Bytes of those.', meter.bytesReceived);
  counter('rejoin_ignored_messages_total', 'Messages that are not for the relay: of unknown kinds, or about rights.', meter.ignoredMessages);
  counter('rejoin_sent_frames_total', 'Frames that went to sessions.', meter.framesSent);
  counter('rejoin_sent_bytes_total', 'Bytes of those, with what WebSocket adds.', meter.bytesSent);
  const refused = new Counter({ name: 'rejoin_refused_total', help: 'Frames, connections and requests that were refused, by reason.', labelNames: ['reason'], registers: [registry] });
  for (const [reason, count] of meter.refused) refused.inc({ reason }, count);
  return [
    await registry.metrics(),
    histogram('rejoin_replication_lag_seconds', "From an edit's arrival at its room until it is written to the sockets of those who hear of it.", meter.lag),
    histogram('rejoin_saving_seconds', "From an edit's arrival until it is on disk; of edits that are stored together, from the first one's.", meter.saving),
  ].join('\n');
}

type AddGauge = (name: string, help: string, value: number) => void;

function addStoring({ storing, store }: Relay, nowMs: number, gauge: AddGauge): void {
  const { isFailing, unsavedSinceMs } = storing;
  gauge('rejoin_store_failing', 'Whether something cannot be stored now, so that nothing of its room is confirmed.', isFailing ? 1 : 0);
  gauge('rejoin_oldest_unsaved_seconds', 'How long the oldest of what is not on disk yet waits; 0: all is on disk.', unsavedSinceMs === null ? 0 : Math.max(0, nowMs - unsavedSinceMs) / 1_000);
  const trouble = troubleOf(store);
  if (trouble === undefined) return;
  const [name, which] = 'enter' in store ? ['rejoin_redis_reachable', 'Redis'] : ['rejoin_store_reachable', 'the store'];
  gauge(name, `Whether ${which} can be reached.`, trouble === null ? 1 : 0);
}

function addProcess({ loopDelay }: Relay, registry: Registry, gauge: AddGauge): void {
  const { p50Seconds, p99Seconds, maxSeconds } = loopDelay.take();
  gauge('rejoin_event_loop_delay_p50_seconds', 'How late the process came to what was due since these figures were made last: half of the times at most so late.', p50Seconds);
  gauge('rejoin_event_loop_delay_p99_seconds', 'The same: 99 of 100 times at most so late.', p99Seconds);
  gauge('rejoin_event_loop_delay_max_seconds', 'The same: never later.', maxSeconds);
  const { rss, heapUsed, external } = process.memoryUsage();
  const memory = new Gauge({ name: 'rejoin_memory_bytes', help: 'Memory of the process: resident, used of the heap, and outside it.', labelNames: ['kind'], registers: [registry] });
  for (const [kind, bytes] of Object.entries({ resident: rss, heap_used: heapUsed, external })) memory.set({ kind }, bytes);
}

/** Over the rooms that have windows: no room is named. */
function addReplication(figures: readonly ReplicationOf[], registry: Registry): void {
  const worst = (name: string, help: string, of: (each: ReplicationOf) => number | null): void => {
    const gauge = new Gauge({ name, help, labelNames: ['strategy'], registers: [registry] });
    const seconds = new Map<string, number>();
    for (const each of figures) {
      const ms = of(each);
      if (ms !== null) seconds.set(each.strategy, Math.max(seconds.get(each.strategy) ?? 0, ms / 1_000));
    }
    for (const [strategy, value] of seconds) gauge.set({ strategy }, value);
  };
  worst('rejoin_window_lag_median_seconds', 'From an edit to its arrival at each other window of its room, as windows noted it: median; of the room where it is longest.', ({ lagMs }) => lagMs);
  worst('rejoin_window_lag_worst_seconds', 'The same: the longest.', ({ lagWorstMs }) => lagWorstMs);
  worst('rejoin_windows_diverged_seconds', 'For how long some field did not show the same at all windows of its room; of the room where it was longest.', ({ divergedMs }) => divergedMs);
}

/** prom-client's own histogram can only observe one value at a time. */
function histogram(name: string, help: string, { counts, totalMs, count }: Times): string {
  let sum = 0;
  const buckets = timeBoundsMs.map((bound, i) => `${name}_bucket{le="${bound / 1_000}"} ${(sum += counts[i]!)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...buckets, `${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${totalMs / 1_000}`, `${name}_count ${count}`, ''].join('\n');
}
