/** How many bytes of records a relay holds, in all its rooms together. Records stay in memory, so a room alone must not fill it. */
export class HeldRecords {
  private bytes = 0;

  constructor(private readonly bytesMax: number) {}

  /** Bytes that may still come. */
  get free(): number {
    return this.bytesMax - this.bytes;
  }

  get max(): number {
    return this.bytesMax;
  }

  /** So many bytes have come, or gone. */
  change(bytes: number): void {
    this.bytes += bytes;
  }
}
