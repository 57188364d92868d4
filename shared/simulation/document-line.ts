/**
 * A Y.Doc's own line to the relay, as y-websocket's provider is in the windows: it asks on opening, answers, and sends each update of the document.
 *
 * Guarantees: "saved" is said only of updates that the relay has confirmed on this connection, those that it got in answer to its question included.
 */
import * as Y from 'yjs';
import type { Transport } from '../ports/transport.ts';
import { readFrame, stepOneFrame, stepTwoFrame, updateFrame } from '../relay/frames.ts';

export class DocumentLine {
  /** How many frames with an update were sent on this connection. */
  private sent = 0;
  private confirmed = 0;
  /** Whether this connection began with the relay's question for what it lacks: only from then on it knows all that was made before. */
  private wasAsked = false;

  constructor(private readonly doc: Y.Doc, private readonly transport: Pick<Transport, 'isOpen' | 'send'>) {
    doc.on('update', this.onUpdate);
  }

  /** Whether the relay has confirmed all that this document did here. */
  get isSaved(): boolean {
    return this.wasAsked && this.confirmed === this.sent;
  }

  opened(): void {
    this.sent = 0;
    this.confirmed = 0;
    this.wasAsked = false;
    this.ask();
  }

  /** Asks the relay for what this document lacks. */
  ask(): void {
    this.transport.send(stepOneFrame(Y.encodeStateVector(this.doc)));
  }

  received(frame: Uint8Array): void {
    for (const message of readFrame(frame)) {
      if (message.kind === 'update') Y.applyUpdate(this.doc, message.update, this);
      else if (message.kind === 'step-one') this.answer(message.stateVector);
    }
  }

  /** The relay has stored so many frames of this connection. */
  saved(frames: number): void {
    this.confirmed = Math.max(this.confirmed, frames);
  }

  close(): void {
    this.doc.off('update', this.onUpdate);
  }

  private readonly onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin !== this && this.transport.isOpen) this.sendUpdate(updateFrame(update));
  };

  private answer(stateVector: Uint8Array): void {
    this.wasAsked = true;
    this.sendUpdate(stepTwoFrame(Y.encodeStateAsUpdate(this.doc, stateVector)));
  }

  private sendUpdate(frame: Uint8Array): void {
    this.sent++;
    this.transport.send(frame);
  }
}
