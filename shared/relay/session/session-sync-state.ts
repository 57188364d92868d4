/**
 * How far the two sides of a session surely have what the other one sent: what must be known to bring
 * a session up to date that lost frames or fell behind.
 */
export class SessionSyncState {
  private isAsked = false;
  private missedFrames = false;
  private leavesGaps = false;
  private owesHello = false;
  private sureStateVector: Uint8Array | null = null;

  /** Whether the client was asked what its document has (sync step 1). */
  get wasAsked(): boolean {
    return this.isAsked;
  }

  /** Whether a frame was lost or overtaken, either way, since it was last brought up to date. */
  get hasMissedFrames(): boolean {
    return this.missedFrames;
  }

  /** Whether frames of it were ever lost, so that what it sends may have gaps. */
  get mayLeaveGaps(): boolean {
    return this.leavesGaps;
  }

  /** Whether it was asked to say hello again and has not yet. */
  get awaitsHello(): boolean {
    return this.owesHello;
  }

  /** A state vector that its document has surely reached, from before frames could be lost; null if there is none. */
  get lastSureStateVector(): Uint8Array | null {
    return this.sureStateVector;
  }

  /** A frame was lost or overtaken on its link. */
  noteLostFrame(): void {
    this.leavesGaps = true;
    this.missedFrames = true;
  }

  /** It was too slow: what waited for it was given up. */
  noteSkippedFrames(): void {
    this.missedFrames = true;
  }

  /** It is brought up to date now: only what is lost from now on is missed. */
  beginResync(): void {
    this.missedFrames = false;
  }

  noteAsked(): void {
    this.isAsked = true;
  }

  /** It was asked to say hello again; it is asked what it has once it has. */
  noteAskedAgain(): void {
    this.owesHello = true;
    this.isAsked = false;
  }

  noteHello(): void {
    this.owesHello = false;
  }

  /** Its document has surely reached this; null: nobody knows. */
  noteSureStateVector(stateVector: Uint8Array | null): void {
    this.sureStateVector = stateVector;
  }
}
