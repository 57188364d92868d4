/** Edits that were made before the clock runs: each types one character, so that a client's clock counts its edits however a server puts them together. */
import * as Y from 'yjs';
import { updateMessage } from './load-session.ts';

/** All that one writer will type. */
export interface Typing {
  readonly client: number;
  /** Messages, one an edit. */
  readonly messages: readonly Uint8Array[];
}

/** Writers that type at places of their own in one text. */
export function typings(writers: number, edits: number): Typing[] {
  return Array.from({ length: writers }, (_, writer) => {
    const doc = new Y.Doc();
    doc.clientID = 1_000_000_007 + writer;
    const messages: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => messages.push(updateMessage(update)));
    const text = doc.getText('text');
    for (let at = 0; at < edits; at++) text.insert(at, String.fromCharCode(97 + (at % 26)));
    doc.destroy();
    return { client: doc.clientID, messages };
  });
}

/** Calls back for each run of a client's clocks in an update whose items are all characters: most are one item of one character. */
export function eachRun(update: Buffer, run: (client: number, clock: number, length: number) => void): void {
  new RunReader(update).each(run);
}

class RunReader {
  private at = 0;

  constructor(private readonly update: Buffer) {}

  each(run: (client: number, clock: number, length: number) => void): void {
    for (let clients = this.number(); clients > 0; clients--) {
      const items = this.number();
      const client = this.number();
      const clock = this.number();
      let length = 0;
      for (let left = items; left > 0; left--) length += this.item();
      run(client, clock, length);
    }
  }

  private item(): number {
    const info = this.update[this.at++]!;
    if ((info & 0x1f) !== 4) throw new Error(`an item of kind ${info & 0x1f}: only typing was expected`);
    for (let ids = (info >> 7) + ((info >> 6) & 1); ids > 0; ids--) {
      this.number();
      this.number();
    }
    if ((info & 0xc0) === 0) {
      this.number();
      this.skip();
    }
    return this.skip();
  }

  /** Over what has its length before it; returns that. */
  private skip(): number {
    const length = this.number();
    this.at += length;
    return length;
  }

  private number(): number {
    const { update } = this;
    let byte = update[this.at++]!;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let factor = 128; ; factor *= 128) {
      byte = update[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}
