// Finds an installed redis-server (or valkey-server), for the tests.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a server in REJOIN_REDIS_SERVER, else along the PATH; null where there is none. */
export function findRedis(environment = process.env) {
  const asked = environment.REJOIN_REDIS_SERVER;
  if (asked !== undefined && asked !== '') return existsSync(asked) ? asked : null;
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return ['redis-server', 'valkey-server'].flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

/** Why relays that share rooms cannot be tested here, in one sentence; null when they can. */
export function redisTrouble(environment = process.env) {
  return findRedis(environment) === null ? 'no redis-server was found (install it, or let REJOIN_REDIS_SERVER name one)' : null;
}
