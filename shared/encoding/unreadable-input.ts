/** A file that cannot be read as what it should be. The message says what was expected and what is there; `line` counts from 1, null where no line is to blame. */
export class UnreadableInput extends Error {
  constructor(message: string, readonly line: number | null = null) {
    super(message);
  }
}
