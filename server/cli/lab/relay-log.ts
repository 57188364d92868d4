/** What happens at a relay as structured lines on standard error, one JSON object each (pino): only when somebody asks for it. */
import pino from 'pino';
import { closeCodes } from '../../../shared/relay/refusal.ts';
import type { Relay, RelayEvent } from '../../relay/relay.ts';
import type { LogLevel } from './log-levels.ts';

export interface RelayLog {
  /** What a person should know: a failing store, damaged data. */
  warn(line: string): void;
  /** Notes what happens at a relay, until it ends. */
  follow(relay: Pick<Relay, 'onEvent' | 'url'>): void;
}

/** Lines go out at once, so that those before a crash are there. */
export function relayLog(level: LogLevel): RelayLog {
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, pino.destination({ fd: 2, sync: true }));
  return {
    warn: (line) => log.warn(line),
    follow(relay) {
      log.info({ url: relay.url }, 'listening');
      relay.onEvent((event) => note(log, event));
    },
  };
}

function note(log: pino.Logger, event: RelayEvent): void {
  switch (event.kind) {
    case 'session-opened': return log.info({ room: event.room, session: event.session }, 'session opened');
    case 'session-ended': return log[isTrouble(event.code) ? 'warn' : 'info']({ room: event.room, session: event.session, code: event.code, reason: event.reason }, 'session ended');
    case 'upgrade-refused': return log.warn({ address: event.address, status: event.status, reason: event.reason }, 'connection refused');
    case 'request-refused': return log.warn({ address: event.address, status: event.status, reason: event.reason }, 'request refused');
    case 'online-changed': return log.info({ online: event.online }, 'relay switched');
    case 'room-changed':
      if (event.change === 'document' || event.change === 'records') return log.debug({ room: event.room.name, change: event.change }, 'room changed');
      if (event.change !== 'sessions') log.info({ room: event.room.name, change: event.change }, 'room changed');
  }
}

/** How sessions end that nothing is wrong with: left, or sent away on purpose. */
const ordinaryEnds: ReadonlySet<number> = new Set([1000, closeCodes.goingAway, 1005, 1006, closeCodes.emptied, closeCodes.restarting]);

/** Whether a close code says that something was refused or broke. */
function isTrouble(code: number): boolean {
  return !ordinaryEnds.has(code);
}
