/**
 * How many bytes wait for all readers of a relay together.
 *
 * Guarantees: not more than the limit, however many readers are slow: beyond it, the one for which most waits falls behind.
 */
export interface BudgetedReader {
  /** Bytes that wait for it. */
  readonly waitingBytes: number;
  /** Gives up what waits, to be brought up to date later. */
  fallBehind(): void;
}

export class SendBudget {
  private bytes = 0;
  private readonly readers = new Set<BudgetedReader>();

  constructor(private readonly bytesMax: number) {}

  /** Bytes that wait now. */
  get waitingBytes(): number {
    return this.bytes;
  }

  /** So many more bytes wait for a reader, or fewer. */
  change(reader: BudgetedReader, bytes: number): void {
    this.bytes += bytes;
    if (reader.waitingBytes > 0) this.readers.add(reader);
    else this.readers.delete(reader);
    while (this.bytes > this.bytesMax && this.readers.size > 0) this.largest().fallBehind();
  }

  private largest(): BudgetedReader {
    return [...this.readers].reduce((most, reader) => (reader.waitingBytes > most.waitingBytes ? reader : most));
  }
}
