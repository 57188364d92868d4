/** How somebody writes down the division of a room: shapes that both check it and describe it to others (docs/openapi.json). */
import { z } from 'zod';
import { inputText } from '../encoding/input-text.ts';
import { isSessionName, sessionNameLengthMax } from './islands.ts';

/** Most names in all lists together. */
const namesMax = 4_096;

const listsExpected = { error: ({ input }: { readonly input?: unknown }) => `a list of lists of names such as [["A","B"],["C"]] was expected, not ${inputText(input)}` };
const nameExpected = { error: ({ input }: { readonly input?: unknown }) => `a name is 1 to ${sessionNameLengthMax} characters, not ${inputText(input)}` };

/** The name of a session or a replica. */
export const sessionNameShape = z.string(nameExpected).min(1, nameExpected).max(sessionNameLengthMax, nameExpected).refine(isSessionName, nameExpected);

/** Lists of names, each an island; none at all is a whole room. */
export const islandsShape = z.array(
  z.array(sessionNameShape, listsExpected).min(1, 'an island without a name; those that no list names form one together anyway'),
  listsExpected,
).superRefine((lists, context) => {
  const names = lists.flat();
  if (names.length > namesMax) return context.addIssue(`${names.length} names; ${namesMax} is the most`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return context.addIssue(`"${name}" is named twice; a session is on one island`);
    seen.add(name);
  }
});

/** Lists of names as somebody wrote them. Throws a RangeError of one line for anything else. */
export function parseIslands(input: unknown): string[][] {
  const result = islandsShape.safeParse(input);
  if (!result.success) throw new RangeError(result.error.issues[0]!.message);
  return result.data;
}
