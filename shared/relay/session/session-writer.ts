/** What writes to the socket of one session, as fast as its reader takes it. */

/** Makes frames one by one, when there is room for them. */
export type FrameSource = Iterator<Uint8Array, unknown>;

/** How many bytes went over a socket, or wait below it. */
export interface ByteCounts {
  readonly bytesRead: number;
  /** Those that wait included. */
  readonly bytesWritten: number;
  /** Those that wait to be taken by the system. */
  readonly writableLength: number;
}

export interface SessionWriter {
  readonly counts: ByteCounts;
  /** Whether what it is given is lost, until its owner hears that the reader has caught up. */
  readonly isBehind: boolean;
  /** Whether nothing waits here. */
  readonly isIdle: boolean;
  /** Bytes that wait here. */
  readonly waitingBytes: number;
  /** Bytes that are whole frames of the socket. */
  write(bytes: readonly Uint8Array[]): void;
  /** These frames, and then what the source makes. */
  writeFrom(frames: readonly Uint8Array[], source: FrameSource): void;
  /** A source is not to be asked any more. */
  remove(source: FrameSource): void;
  /** Nothing is written any more. */
  end(): void;
}

export interface SessionWriterOwner {
  /** What waited was given up. */
  fellBehind(): void;
  /** All that was written since has been taken. */
  caughtUp(): void;
}

/** Makes all that is left, and sends it. */
export function sendEach(source: FrameSource, send: (frame: Uint8Array) => void): void {
  for (let made = source.next(); !made.done; made = source.next()) send(made.value);
}
