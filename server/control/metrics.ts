/** What a relay counts, as Prometheus reads it (text format 0.0.4). Each relay has figures of its own: nothing is registered for the process. */
import { Counter, Gauge, Registry } from 'prom-client';
import type { Relay } from '../relay/relay.ts';
import { type Times, timeBoundsMs } from '../relay/relay-meter.ts';

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

/** The figures of this moment. */
export async function metricsOf(relay: Relay): Promise<string> {
  const { meter } = relay;
  const registry = new Registry();
  const gauge = (name: string, help: string, value: number): void => new Gauge({ name, help, registers: [registry] }).set(value);
  const counter = (name: string, help: string, value: number): void => new Counter({ name, help, registers: [registry] }).inc(value);
  gauge('rejoin_online', 'Whether the relay is switched on.', relay.online ? 1 : 0);
  gauge('rejoin_sessions', 'Sessions that are connected.', relay.sessionCount);
  gauge('rejoin_rooms', 'Rooms in memory.', relay.roomNames().length);
  gauge('rejoin_queue_frames', 'Frames that wait to be written to sockets.', relay.waitingFrames);
  counter('rejoin_sessions_total', 'Sessions that were let in.', meter.sessionsOpened);
  counter('rejoin_deliveries_total', 'Edits handed on, once for each session that hears of one.', meter.deliveries);
  counter('rejoin_received_frames_total', 'Frames that came from sessions.', meter.framesReceived);
  counter('rejoin_received_bytes_total', 'Bytes of those.', meter.bytesReceived);
  counter('rejoin_ignored_messages_total', 'Messages that are not for the relay: of unknown kinds, or about rights.', meter.ignoredMessages);
  counter('rejoin_sent_frames_total', 'Frames that went to sessions.', meter.framesSent);
  counter('rejoin_sent_bytes_total', 'Bytes of those, with what WebSocket adds.', meter.bytesSent);
  const refused = new Counter({ name: 'rejoin_refused_total', help: 'Frames and connections that were refused, by reason.', labelNames: ['reason'], registers: [registry] });
  for (const [reason, count] of meter.refused) refused.inc({ reason }, count);
  return [
    await registry.metrics(),
    histogram('rejoin_replication_lag_seconds', "From an edit's arrival at its room until it is written to the sockets of those who hear of it.", meter.lag),
    histogram('rejoin_saving_seconds', "From an edit's arrival until it is on disk; of edits that are stored together, from the first one's.", meter.saving),
  ].join('\n');
}

/** prom-client's own histogram can only observe one value at a time. */
function histogram(name: string, help: string, { counts, totalMs, count }: Times): string {
  let sum = 0;
  const buckets = timeBoundsMs.map((bound, i) => `${name}_bucket{le="${bound / 1_000}"} ${(sum += counts[i]!)}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...buckets, `${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${totalMs / 1_000}`, `${name}_count ${count}`, ''].join('\n');
}
