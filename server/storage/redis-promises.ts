/** What a Redis promises by its settings, and what of that falls short. */

export interface RedisSettings {
  /** `appendonly`, `appendfsync` and `maxmemory-policy`; empty where it does not say. */
  readonly appendOnly: string;
  readonly appendFsync: string;
  readonly maxMemoryPolicy: string;
  /** Whether it answers WAITAOF. */
  readonly knowsWait: boolean;
}

export interface RedisPromises {
  /** When a write is on its disk: when it answers; when it is asked; nobody knows. */
  readonly flushing: 'always' | 'asked' | 'unknown';
  /** What it does not promise, each to be read after "Redis at HOST:PORT ". */
  readonly doubts: readonly string[];
}

export function redisPromises(settings: RedisSettings): RedisPromises {
  const { appendOnly, appendFsync, maxMemoryPolicy, knowsWait } = settings;
  const isAlways = appendOnly === 'yes' && appendFsync === 'always';
  const flushing = isAlways ? 'always' : knowsWait ? 'asked' : 'unknown';
  const doubts = flushing === 'unknown' ? [flushDoubt(appendOnly, appendFsync)] : [];
  if (maxMemoryPolicy !== '' && maxMemoryPolicy !== 'noeviction') {
    doubts.push(
      `throws rooms away when its memory is full (maxmemory-policy ${maxMemoryPolicy}): set it to noeviction`,
    );
  }
  return { flushing, doubts };
}

function flushDoubt(appendOnly: string, appendFsync: string): string {
  if (appendOnly === 'no') {
    return 'keeps nothing on disk (appendonly no): what was confirmed is lost when it ends';
  }
  if (appendOnly === '') {
    return 'does not say how it stores, and does not know WAITAOF: set appendonly yes and appendfsync always, or what was confirmed may be lost when it ends';
  }
  const when = appendFsync === 'no' ? 'when it likes' : 'every second';
  return `flushes ${when} (appendfsync ${appendFsync}) and does not know WAITAOF: the last moments before it ends may be lost, though confirmed`;
}
