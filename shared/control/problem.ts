/** Thrown where a call of the control core cannot be answered. */
export class Problem extends Error {
  /** `status`: as HTTP has it; `message` says in one line what was wrong and what was expected. */
  constructor(readonly status: number, message: string) {
    super(message);
  }
}
