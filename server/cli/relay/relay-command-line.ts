/** What the words after `rejoin relay` ask for, and its help. */
import type { Environment } from '../command.ts';
import { labOptionsHelp, type LabRequest, labRoom, labValues, readLabOptions, readLogLevel } from '../lab/lab-command-line.ts';
import { type Options, textOption } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export const relayHelp = `Runs the relay and its control API. Any y-websocket client can join a room at ws://HOST:PORT/ROOM.

Usage: rejoin relay [options]

Options:
  --redis URL    share the rooms with other relays through this Redis: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// for TLS; then nothing is kept in a folder (docs/many-relays.md tells what Redis must promise)
${labOptionsHelp}

REJOIN_REDIS_PASSWORD is the password of Redis, where it is not to be seen on the command line.

Examples:
  rejoin relay
  rejoin relay --port 4000 --data ./relay-data
  rejoin relay --allow-origin http://localhost:5173
  rejoin relay --host 0.0.0.0 --token
  rejoin relay --redis redis://10.0.0.5:6379
  curl http://127.0.0.1:1234/-/api/rooms
  curl http://127.0.0.1:1234/-/metrics
`;

const options = { redis: { type: 'string' } } satisfies Options;

/** Null: help is asked for. */
export function readRelayCommandLine(words: readonly string[], environment: Environment): LabRequest | null {
  const values = labValues('relay', words, options);
  if (values === null) return null;
  const redis = textOption('relay', values, 'redis');
  if (redis !== null && values['data'] !== undefined) throw new UsageError('rejoin relay: with --redis all is kept in Redis; leave out --data or --redis');
  if (redis !== null && values['repair']) throw new UsageError('rejoin relay: --repair rebuilds a data folder, and with --redis there is none; leave out --repair or --redis');
  return {
    command: 'relay',
    open: false,
    replicas: 0,
    ...readLabOptions('relay', values, environment),
    redis: redis === null ? null : redisUrl(redis),
    room: labRoom,
    scenario: null,
    log: readLogLevel('relay', values),
  };
}

/** Never repeats the text: there may be a password in it. */
function redisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '' && /^(\/[0-9]*)?$/.test(url.pathname) && url.search === '') return text;
  throw new UsageError('rejoin relay: --redis is an address such as redis://127.0.0.1:6379 or rediss://USER:PASSWORD@redis.example:6379/0');
}
