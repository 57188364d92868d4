/**
 * The rooms in a Redis, by their hashes. Redis has no order of keys: each page looks through all of them, and keeps only the
 * names that it may need.
 */

/** Runs a command of Redis. */
type Run = (...words: (string | number)[]) => Promise<unknown>;

const hashPattern = /^rejoin:\{([^{}]+)\}$/;

/** At most `max` keys of rooms after this one, in the order of their UTF-16 code units. */
export async function redisRoomKeys(run: Run, after: string, max: number): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = (await run('SCAN', cursor, 'MATCH', 'rejoin:{*}', 'COUNT', 1_000)) as [Buffer, Buffer[]];
    cursor = next.toString();
    for (const key of keys) {
      const room = hashPattern.exec(key.toString())?.[1];
      if (room !== undefined && room > after) found.add(room);
    }
    for (const extra of [...found].sort().slice(max)) found.delete(extra);
  } while (cursor !== '0');
  return [...found].sort();
}
