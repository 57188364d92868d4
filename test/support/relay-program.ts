/** A relay as a process of its own, which tells the test that started it how it is. Bundled and started by relay-process.ts. */
import { existsSync, openSync, readSync } from 'node:fs';
import { createLab, type Lab } from '../../server/control/lab.ts';
import { openLevelStore } from '../../server/storage/level-store.ts';
import type { Store } from '../../shared/ports/store.ts';
import { MemoryStore } from './memory-store.ts';
import type { ProgramOptions, RelayQuestion, RelayState } from './relay-process.ts';

/** How often the event loop is looked at, in milliseconds. */
const lookEveryMs = 2;

/**
 * The longest time in which the event loop did nothing else, in milliseconds of this thread's own computing: where other processes had the core, the clock on the
 * wall went on and that of the processor did not.
 */
class Stalls {
  private longestMs = 0;

  start(): void {
    let wallMs = performance.now();
    let cpuMs = computedMs();
    setInterval(() => {
      const [wall, cpu] = [performance.now(), computedMs()];
      this.longestMs = Math.max(this.longestMs, Math.min(wall - wallMs, cpu - cpuMs) - lookEveryMs);
      [wallMs, cpuMs] = [wall, cpu];
    }, lookEveryMs);
  }

  takeLongestMs(): number {
    const longest = this.longestMs;
    this.longestMs = 0;
    return longest;
  }
}

/** Linux tells it of the main thread alone, in nanoseconds (proc(5)); elsewhere all threads count. Opened once: a test may leave no file handles. */
const mainThread = `/proc/self/task/${process.pid}/schedstat`;
const schedule = existsSync(mainThread) ? openSync(mainThread, 'r') : null;
const read = Buffer.alloc(100);

function computedMs(): number {
  if (schedule !== null) return Number(read.toString('utf8', 0, readSync(schedule, read, 0, read.length, 0)).split(' ', 1)[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

async function stateOf(lab: Lab, name: string): Promise<RelayState> {
  const lease = await lab.relay.lease(name);
  try {
    const { room } = lease;
    const islands = room.islands.all;
    return {
      document: Buffer.from(room.document.snapshot()).toString('hex'),
      records: room.records().map(({ dot }) => `${dot.replica}:${dot.counter}`),
      awareness: islands.map(({ awareness }) => Buffer.from(awareness.all() ?? []).toString('hex')),
      members: [...room.members.list],
    };
  } finally {
    lease.release();
  }
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2]!) as ProgramOptions;
  const lines: string[] = [];
  const report = (line: string): void => void lines.push(line);
  const store: Store = options.folder === undefined ? new MemoryStore() : await openLevelStore(options.folder, { report });
  const lab = await createLab({ analysisProgram: new URL('./analysis-worker.mjs', import.meta.url), ...options.lab, store, report });
  const stalls = new Stalls();
  stalls.start();
  const answers: Record<RelayQuestion['what'], (room: string) => unknown> = {
    state: (room) => stateOf(lab, room),
    lines: () => lines,
    stall: () => stalls.takeLongestMs(),
    rooms: () => lab.relay.roomNames(),
    memory: () => {
      globalThis.gc!();
      const { heapUsed, external, rss } = process.memoryUsage();
      return { heapUsed, external, rss };
    },
  };
  process.on('message', ({ number, what, room }: RelayQuestion) => {
    void Promise.resolve(answers[what](room)).then(
      (value) => process.send!({ number, value }),
      (error: unknown) => process.send!({ number, trouble: String(error) }),
    );
  });
  // Whoever started it has gone.
  process.once('disconnect', () => process.exit());
  process.send!({ url: lab.url });
}

void main();
