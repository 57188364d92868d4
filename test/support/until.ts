/**
 * Waits until a condition holds, by looking again and again; never by sleeping for a fixed time.
 * Fails with what it waited for and what it last saw.
 */

export interface UntilOptions {
  /** How long to go on looking, in milliseconds. Default 30,000: other programs may have the machine. */
  readonly withinMs?: number;
  /** Time between two looks, in milliseconds. Default 20. */
  readonly everyMs?: number;
}

/**
 * Resolves with the first truthy value of `condition`. An error that it throws counts as "not yet".
 * `what` ends the sentence "waited 30000 ms for …".
 */
export async function until<Value>(condition: () => Value | Promise<Value>, what: string, { withinMs = 30_000, everyMs = 20 }: UntilOptions = {}): Promise<Exclude<Value, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  do {
    try {
      last = await condition();
      if (last) return last as Exclude<Value, false | null | undefined | 0 | ''>;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  } while (performance.now() < deadline);
  throw new Error(`waited ${withinMs} ms for ${what}; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
