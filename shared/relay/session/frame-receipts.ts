/**
 * Which of a session's frames with an update are on disk, as the number that `saved` names: all up to it are.
 *
 * Guarantees: a frame that a faulty link lost, or still holds, is never among them, until a later step 2 of the same session is stored: that one
 * carries all that the relay lacked of the session's document when it was sent.
 */
export class FrameReceipts {
  private count = 0;
  private newest = 0;
  /** Frames that went onto a faulty link and are not on disk, in order. */
  private missing: Set<number> | null = null;

  /** The number of the next frame, on a link that loses none. */
  next(): number {
    return ++this.count;
  }

  /** The number of the next frame, which may never arrive. */
  expect(): number {
    (this.missing ??= new Set()).add(++this.count);
    return this.count;
  }

  /** This frame is on disk; `isStepTwo`: with it all that frames before it carried. */
  stored(number: number, isStepTwo: boolean): void {
    this.newest = Math.max(this.newest, number);
    if (!this.missing) return;
    this.missing.delete(number);
    if (isStepTwo) for (const each of this.missing) if (each < number) this.missing.delete(each);
    if (this.missing.size === 0) this.missing = null;
  }

  /** The frames up to this one are on disk. */
  get confirmed(): number {
    const [first] = this.missing ?? [];
    return first === undefined ? this.newest : Math.min(this.newest, first - 1);
  }
}
