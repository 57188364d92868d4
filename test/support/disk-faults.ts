/**
 * Faults of a real disk, put on a relay that runs as a process and taken off again. Each is made by the system, not by the
 * relay's own code; where this machine cannot make one, `trouble` says why.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, closeSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RelayProcess } from './relay-process.ts';

export interface DiskFault {
  readonly name: string;
  /** Why this machine cannot make it; null where it can. */
  readonly trouble: string | null;
  /** How many bytes each edit made under the fault has, so that the fault is met. */
  readonly editBytes: number;
  /** Prepares an empty folder for the relay's data; returns what the relay's environment needs. */
  prepare(folder: string): NodeJS.ProcessEnv;
  begin(relay: RelayProcess, folder: string): Promise<void>;
  end(relay: RelayProcess, folder: string): Promise<void>;
  /** Undoes `prepare`. */
  remove(folder: string): void;
}

const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const noLimits = isLinux && has('prlimit') ? null : 'needs Linux and prlimit (util-linux)';

function setLimit(relay: RelayProcess, limit: 'fsize' | 'nofile', soft: number | 'unlimited'): void {
  // Only the soft limit: the hard one stays, so that anybody may raise it again.
  execFileSync('prlimit', ['--pid', String(relay.pid), `--${limit}=${soft}:`]);
}

/** A small file system in memory fills up: an append to the log is cut off in its middle. */
export const fullDisk: DiskFault = {
  name: 'a full disk',
  trouble: isLinux && isRoot && canMount() ? null : 'needs root on Linux, and the right to mount a tmpfs',
  editBytes: 2_000,
  prepare(folder) {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder]);
    return {};
  },
  async begin(_relay, folder) {
    const file = openSync(join(folder, 'filling'), 'w');
    try {
      for (;;) writeSync(file, Buffer.alloc(65_536));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  },
  async end(_relay, folder) {
    rmSync(join(folder, 'filling'));
  },
  remove: (folder) => void execFileSync('umount', [folder]),
};

function canMount(): boolean {
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' }).status === 0;
}

/** No file may grow beyond the present size of the log, plus a part of a record: as on a full disk, without any rights. */
export const filesFull: DiskFault = {
  name: 'files that may not grow',
  trouble: noLimits,
  editBytes: 2_000,
  prepare: () => ({}),
  async begin(relay, folder) {
    const log = (await readdir(join(folder, 'rooms'))).find((name) => name.endsWith('.log'))!;
    setLimit(relay, 'fsize', statSync(join(folder, 'rooms', log)).size + 500);
  },
  end: async (relay) => setLimit(relay, 'fsize', 'unlimited'),
  remove: () => {},
};

/** No file can be opened any more: met where LevelDB begins a new log or table, each 4 MB. */
export const noHandles: DiskFault = {
  name: 'no file handles left',
  trouble: noLimits,
  editBytes: 600_000,
  prepare: () => ({}),
  begin: async (relay) => setLimit(relay, 'nofile', 3),
  end: async (relay) => setLimit(relay, 'nofile', 1_024),
  remove: () => {},
};

const failingSync = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int failing(void) { const char *flag = getenv("REJOIN_TEST_SYNC_FAILS"); return flag && access(flag, F_OK) == 0; }
int fdatasync(int fd) {
  if (failing()) { errno = EIO; return -1; }
  return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
`;

/** The disk answers a sync with an I/O error: what was appended may be there or not. */
export const syncFails: DiskFault = {
  name: 'an I/O error of the disk',
  trouble: isLinux && has('cc') ? null : 'needs Linux and a C compiler (cc)',
  editBytes: 2_000,
  prepare(folder) {
    mkdirSync(folder, { recursive: true });
    const [source, library] = [join(folder, 'sync.c'), join(folder, 'sync.so')];
    writeFileSync(source, failingSync);
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    return { LD_PRELOAD: library, REJOIN_TEST_SYNC_FAILS: join(folder, 'sync-fails') };
  },
  begin: async (_relay, folder) => writeFileSync(join(folder, 'sync-fails'), ''),
  end: async (_relay, folder) => rmSync(join(folder, 'sync-fails')),
  remove: () => {},
};
