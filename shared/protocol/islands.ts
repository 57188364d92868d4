/** How a room is divided, as the control API and scenarios say it: lists of names of replicas or sessions. Those that no list names form one more island. */

/** Longest name of a session, in UTF-16 code units, as the relay cuts it. */
export const sessionNameLengthMax = 64;

/** Most names in all lists together. */
const namesMax = 4_096;

/** Lists of names as somebody wrote them; none at all is a whole room. Throws a RangeError of one line for anything else. */
export function parseIslands(input: unknown): string[][] {
  if (!Array.isArray(input) || !input.every(Array.isArray)) throw new RangeError(`a list of lists of names such as [["A","B"],["C"]] was expected, not ${JSON.stringify(input)?.slice(0, 40)}`);
  const seen = new Set<string>();
  for (const name of (input as unknown[][]).flat()) {
    if (!isSessionName(name)) throw new RangeError(`a name is 1 to ${sessionNameLengthMax} characters, not ${JSON.stringify(name)?.slice(0, 40)}`);
    if (seen.has(name)) throw new RangeError(`"${name}" is named twice; a session is on one island`);
    seen.add(name);
  }
  if (input.some((names: unknown[]) => names.length === 0)) throw new RangeError('an island without a name; those that no list names form one together anyway');
  if (seen.size > namesMax) throw new RangeError(`${seen.size} names; ${namesMax} is the most`);
  return input as string[][];
}

/** Whether a text can name a session or a replica. */
export function isSessionName(text: unknown): text is string {
  return typeof text === 'string' && text.trim() === text && text.length >= 1 && text.length <= sessionNameLengthMax && !/\p{C}/u.test(text);
}
