/** How much of a document waits for something that it lacks. */
import { closeCodes, Refusal } from '../refusal.ts';
import { readOutline } from './update-outline.ts';

/** How many updates may wait for something missing. Each costs Yjs a merge of all of them, so that 20,000 would take half a minute. */
const waitingMax = 1_000;
/** How many deleted ranges may wait for what they delete: Yjs tries all of them again at each edit. */
const waitingDeletionsMax = 10_000;

/** An update would have to wait for others, as too many do already. The document is as it was. */
export class TooManyWaiting extends Refusal {
  constructor(message: string) {
    super(closeCodes.tooMuch, message);
  }
}

export class WaitingUpdates {
  private updates = 0;
  private deletions = 0;

  /**
   * Throws TooManyWaiting for an update that would wait, or deletions of which would, where too much waits already: before it is
   * applied, as an update can only be taken back by building the document anew.
   */
  mustTake(update: Uint8Array, clockOf: (client: number) => number): void {
    const outline = readOutline(update, clockOf, waitingDeletionsMax - this.deletions);
    if (outline === null || (!outline.hasGap && outline.unknownDeletions === 0)) return;
    if (this.updates >= waitingMax) throw new TooManyWaiting(`${waitingMax} updates wait for others that never came`);
    if (this.deletions + outline.unknownDeletions > waitingDeletionsMax) {
      throw new TooManyWaiting(`more than ${waitingDeletionsMax} deletions wait for what they delete`);
    }
    this.deletions += outline.unknownDeletions;
  }

  /** One more waits. */
  add(): void {
    this.updates++;
  }

  /** Nothing waits any more. */
  clear(): void {
    this.updates = 0;
    this.deletions = 0;
  }
}
