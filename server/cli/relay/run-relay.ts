/** `rejoin relay`: the relay and its control API without windows, until a person ends it. */
import { systemClock } from '../../relay/system-clock.ts';
import { openRedisSharedStore } from '../../storage/redis-shared-store.ts';
import type { SharedStore } from '../../../shared/ports/shared-store.ts';
import type { Interruption } from '../command.ts';
import type { Output } from '../console/output.ts';
import { announceLab, clientAddress } from '../lab/announce-lab.ts';
import type { LabRequest } from '../lab/lab-command-line.ts';
import { dataFolderOf, openOwnStore } from '../lab/open-own-store.ts';
import { runLab } from '../lab/run-lab.ts';
import { shownToken } from '../lab/token-options.ts';

/** Resolves to whether all changes are stored. */
export async function runRelay(request: LabRequest, output: Output, interruption: Interruption): Promise<boolean> {
  const { redis } = request;
  const redisHost = redis === null ? null : new URL(redis).host;
  return runLab(request, {
    openStore: (report) => (redis === null ? openOwnStore(request, report) : openSharedStore(redis, output.warn)),
    pagesFolder: () => null,
    announce: (running) => {
      const { url } = running.lab;
      announceLab(request, running, {
        lines: [
          `Rejoin relay is running at ${url}`,
          `Connect y-websocket clients to ${clientAddress(url, shownToken(running.tokens))}`,
          ...(redisHost === null ? [] : [`Its rooms are shared through Redis at ${redisHost}`]),
        ],
        invitation: clientAddress,
        replicas: [],
        keptIn: redisHost === null ? { data: dataFolderOf(request) } : { redis: redisHost },
      }, output);
    },
  }, output, interruption);
}

function openSharedStore(url: string, report: (line: string) => void): Promise<SharedStore> {
  const password = process.env['REJOIN_REDIS_PASSWORD'];
  return openRedisSharedStore({ url, clock: systemClock, report, ...(password ? { password } : {}) });
}
