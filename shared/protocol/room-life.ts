/**
 * The lives of a room: each time it is emptied a new one begins, and copies from the lives before must start over.
 *
 * Guarantees: a copy of any earlier life of a line is told from its name alone, so that a relay names only a few that were
 * thrown away, however often the room was emptied. A life of another line (the relay has lost its folder, and the room began
 * anew) was not thrown away: what copies have of it may come back.
 *
 * A name is LINE_NUMBER_RANDOM. Lives that were named before lines were known are not of this form, and are listed.
 */

/** How many names of lives that were thrown away a relay keeps and tells, of a line and of those without one. */
export const discardedMax = 100;

const lifePattern = /^([0-9a-f]{16})_([0-9]{1,15})_[0-9a-f]{16}$/;

/** The first life of a new line. `random`: 16 bytes of chance in hexadecimal. */
export function firstLife(random: string): string {
  return `${random.slice(0, 16)}_1_${random.slice(16)}`;
}

/** The life after this one. */
export function nextLife(life: string, random: string): string {
  const [, line, number] = lifePattern.exec(life) ?? [];
  return line === undefined ? firstLife(random) : `${line}_${Number(number) + 1}_${random.slice(16)}`;
}

/** The lives to name as thrown away when this one is, too. */
export function withDiscarded(discarded: readonly string[], life: string): string[] {
  const all = [...discarded, life];
  const ofLine = all.filter((each) => lifePattern.test(each));
  const others = all.filter((each) => !lifePattern.test(each));
  return [...others.slice(-discardedMax), ...ofLine.slice(-discardedMax)];
}

/** Whether a life was thrown away before the current one began. */
export function isDiscarded(life: string, current: string, discarded: readonly string[]): boolean {
  if (discarded.includes(life)) return true;
  const [, line, number] = lifePattern.exec(life) ?? [];
  const [, currentLine, currentNumber] = lifePattern.exec(current) ?? [];
  return line !== undefined && line === currentLine && Number(number) < Number(currentNumber);
}
