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
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = update[at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const skip = (count: number): void => void (at += count);
  for (let clients = number(); clients > 0; clients--) {
    const items = number();
    const client = number();
    const clock = number();
    let length = 0;
    for (let left = items; left > 0; left--) {
      const info = update[at++]!;
      if ((info & 0x1f) !== 4) throw new Error(`an item of kind ${info & 0x1f}: only typing was expected`);
      for (let ids = (info >> 7) + ((info >> 6) & 1); ids > 0; ids--) {
        number();
        number();
      }
      if ((info & 0xc0) === 0) {
        number();
        skip(number());
      }
      const characters = number();
      skip(characters);
      length += characters;
    }
    run(client, clock, length);
  }
}
