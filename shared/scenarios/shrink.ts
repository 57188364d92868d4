/**
 * Makes a failing run small: the fewest steps that still fail.
 *
 * Guarantees: what it returns fails, and of it no single step can be left out (unless the tries ran out). Source: Zeller and Hildebrandt, "Simplifying and
 * Isolating Failure-Inducing Input", 2002 (ddmin).
 */

/** `fails` is asked of ever smaller lists, at most `triesMax` times. `steps` themselves must fail. */
export async function shrink<Item>(steps: readonly Item[], fails: (steps: readonly Item[]) => Promise<boolean>, triesMax = 2_000): Promise<readonly Item[]> {
  let current = steps;
  let tries = 0;
  for (let parts = 2; current.length > 0 && tries < triesMax; ) {
    const size = Math.ceil(current.length / parts);
    const smaller = await firstThatFails(current, size, async (without) => tries++ < triesMax && (await fails(without)));
    if (smaller) {
      current = smaller;
      parts = Math.max(2, Math.min(parts - 1, current.length));
    } else if (size <= 1) break;
    else parts = Math.min(current.length, parts * 2);
  }
  return current;
}

/** Leaves out one stretch of this size after the other. */
async function firstThatFails<Item>(steps: readonly Item[], size: number, fails: (steps: readonly Item[]) => Promise<boolean>): Promise<readonly Item[] | null> {
  // From the end: what comes late is most often what is not needed.
  for (let start = Math.floor((steps.length - 1) / size) * size; start >= 0; start -= size) {
    const without = [...steps.slice(0, start), ...steps.slice(start + size)];
    if (await fails(without)) return without;
  }
  return null;
}
