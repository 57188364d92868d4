/** What came of an update. */
export interface Taken {
  /** What the document has now and had not, for the others; null: nothing. The update itself where all of it was new. */
  readonly shown: Uint8Array | null;
  /** What has to be stored so that nothing of it is lost; null: nothing. */
  readonly kept: Uint8Array | null;
  /** Whether there may be something of others in what is shown, that had waited for this: whoever brought it may lack that. */
  readonly mayRelease: boolean;
}

export const nothingTaken: Taken = { shown: null, kept: null, mayRelease: false };
