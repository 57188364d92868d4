/** How the suites check, so that they need no assertion library. */

/** A promise that an adapter did not keep. Test runners print the difference of both values. */
export class BrokenContract extends Error {
  override readonly name = 'BrokenContract';

  constructor(
    message: string,
    readonly actual?: unknown,
    readonly expected?: unknown,
  ) {
    super(message);
  }
}

/** Compares plain values; the order of members does not count. */
export function mustEqual(actual: unknown, expected: unknown, what = 'the value'): void {
  const [found, wanted] = [textOf(actual), textOf(expected)];
  if (found === wanted) return;
  throw new BrokenContract(`${what} is ${found}; ${wanted} was expected`, actual, expected);
}

export function mustThrow(action: () => unknown, what: string): void {
  try {
    action();
  } catch {
    return;
  }
  throw new BrokenContract(`${what} must throw, and did not`);
}

export async function mustReject(action: Promise<unknown>, what: string): Promise<void> {
  const isRejected = await action.then(
    () => false,
    () => true,
  );
  if (!isRejected) throw new BrokenContract(`${what} must be rejected, and was not`);
}

/** Runs a property once a seed, and names the seed where it fails. */
export async function forEachSeed(
  seeds: readonly number[],
  holds: (seed: number) => Promise<void>,
): Promise<void> {
  for (const seed of seeds) {
    try {
      await holds(seed);
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}

const waitMsMax = 30_000;
const lookEveryMs = 5;

/** Looks again and again until it is so. Rejects after 30 seconds with what was waited for. */
export async function waitUntil(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += lookEveryMs) {
    if (waitedMs >= waitMsMax) throw new BrokenContract(`waited ${waitMsMax} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
