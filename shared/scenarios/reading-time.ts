/** How long people need for a step's sentence, so that a scenario is played at the pace at which it can be followed. */

/** A step that says nothing is only looked at, in milliseconds. */
const lookMs = 900;
/** Finding the sentence, and then each of its characters: some 17 a second, a slow reader's pace. Source: Brysbaert, "How many words do we read per minute?", 2019. */
const findMs = 800;
const characterMs = 58;
const readMsMax = 12_000;

/** In milliseconds at speed 1. */
export function readingMs(sentence: string | null): number {
  return sentence === null ? lookMs : Math.min(readMsMax, findMs + characterMs * sentence.length);
}
