/** What the copies of a single leader say to one another. Every message names the term that it belongs to; its replica leads that term, and nobody else does. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import { type FieldId, fieldOf, type Schema } from '../../document/schema.ts';
import { readPlain, readText } from '../../encoding/read-plain.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import { readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { type initialKey, readIntent, readKey, readMany } from '../whole-value.ts';

/** An edit in the log; `replaces` is the edit of the same field that it was applied after, `refusal` why it was not applied. */
export interface LoggedEdit {
  readonly dot: Dot;
  readonly field: FieldId;
  readonly intent: Intent;
  readonly replaces: DotKey | typeof initialKey;
  readonly refusal: string | null;
}

/** One entry: an edit, or the mark of a term's beginning (null). */
export interface LogEntry {
  readonly term: Version;
  readonly edit: LoggedEdit | null;
}

export type LeaderMessage =
  /** From the leader: entries after `after`, whose term is `afterTerm`; all after `begun` were made in this term. */
  | { readonly kind: 'append'; readonly term: Version; readonly begun: number; readonly after: number; readonly afterTerm: Version; readonly committed: number; readonly entries: readonly LogEntry[] }
  /** The log is the leader's up to here, and kept. */
  | { readonly kind: 'appended'; readonly term: Version; readonly matched: number }
  /** The log differs at or before what was sent: try from here. */
  | { readonly kind: 'differs'; readonly term: Version; readonly from: number }
  /** There is a higher term. */
  | { readonly kind: 'outdated'; readonly term: Version }
  | { readonly kind: 'forward'; readonly term: Version; readonly dot: Dot; readonly field: FieldId; readonly intent: Intent }
  /** The edit was committed at `index`, in an entry that was made in the term `madeIn`. */
  | { readonly kind: 'answer'; readonly term: Version; readonly madeIn: Version; readonly index: number; readonly dot: Dot; readonly replaces: DotKey | typeof initialKey; readonly refusal: string | null }
  /** From who wants to lead: who has the most complete log? */
  | { readonly kind: 'inquire'; readonly term: Version }
  | { readonly kind: 'standing'; readonly term: Version; readonly lastTerm: Version; readonly length: number }
  | { readonly kind: 'fetch'; readonly term: Version }
  | { readonly kind: 'log'; readonly term: Version; readonly entries: readonly LogEntry[] };

const kinds = ['append', 'appended', 'differs', 'outdated', 'forward', 'answer', 'inquire', 'standing', 'fetch', 'log'] as const;

const entriesMax = 10_000_000;

export function encodeLeader(message: LeaderMessage): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, kinds.indexOf(message.kind));
    writeVersion(encoder, message.term);
    switch (message.kind) {
      case 'append':
        for (const number of [message.begun, message.after, message.committed]) encoding.writeVarUint(encoder, number);
        writeVersion(encoder, message.afterTerm);
        return writeEntries(encoder, message.entries);
      case 'appended': return encoding.writeVarUint(encoder, message.matched);
      case 'differs': return encoding.writeVarUint(encoder, message.from);
      case 'forward':
        encoding.writeVarString(encoder, dotKey(message.dot));
        encoding.writeVarString(encoder, message.field);
        return encoding.writeAny(encoder, message.intent as never);
      case 'answer':
        writeVersion(encoder, message.madeIn);
        encoding.writeVarUint(encoder, message.index);
        encoding.writeVarString(encoder, dotKey(message.dot));
        encoding.writeVarString(encoder, message.replaces);
        return encoding.writeAny(encoder, message.refusal);
      case 'standing':
        writeVersion(encoder, message.lastTerm);
        return encoding.writeVarUint(encoder, message.length);
      case 'log': return writeEntries(encoder, message.entries);
    }
  });
}

/** Reads a whole message; throws a RangeError on anything else. */
export function decodeLeader(bytes: Uint8Array, schema: Schema): LeaderMessage {
  return readWhole(bytes, 'a message of a single leader', (decoder) => {
    const number = decoding.readVarUint(decoder);
    const kind = kinds[number];
    if (kind === undefined) throw new RangeError(`there is no kind ${number}`);
    const term = readVersion(decoder);
    if (term.counter < 1) throw new RangeError('terms count from 1');
    switch (kind) {
      case 'append': {
        const [begun, after, committed] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
        return { kind, term, begun, after, committed, afterTerm: readVersion(decoder), entries: readEntries(decoder, schema) };
      }
      case 'appended': return { kind, term, matched: decoding.readVarUint(decoder) };
      case 'differs': return { kind, term, from: decoding.readVarUint(decoder) };
      case 'outdated':
      case 'inquire':
      case 'fetch': return { kind, term };
      case 'forward': {
        const dot = parseDot(readText(decoder));
        const field = fieldOf(schema, readText(decoder));
        return { kind, term, dot, field: field.id, intent: readIntent(decoder, field) };
      }
      case 'answer': return { kind, term, madeIn: readVersion(decoder), index: decoding.readVarUint(decoder), dot: parseDot(readText(decoder)), replaces: readKey(decoder), refusal: readRefusal(decoder) };
      case 'standing': return { kind, term, lastTerm: readVersion(decoder), length: decoding.readVarUint(decoder) };
      case 'log': return { kind, term, entries: readEntries(decoder, schema) };
    }
  });
}

export function writeEntry(encoder: encoding.Encoder, { term, edit }: LogEntry): void {
  writeVersion(encoder, term);
  encoding.writeVarString(encoder, edit ? dotKey(edit.dot) : '');
  if (!edit) return;
  encoding.writeVarString(encoder, edit.field);
  encoding.writeAny(encoder, edit.intent as never);
  encoding.writeVarString(encoder, edit.replaces);
  encoding.writeAny(encoder, edit.refusal);
}

export function readEntry(decoder: decoding.Decoder, schema: Schema): LogEntry {
  const term = readVersion(decoder);
  const key = readText(decoder);
  if (key === '') return { term, edit: null };
  const field = fieldOf(schema, readText(decoder));
  return { term, edit: { dot: parseDot(key), field: field.id, intent: readIntent(decoder, field), replaces: readKey(decoder), refusal: readRefusal(decoder) } };
}

function writeEntries(encoder: encoding.Encoder, entries: readonly LogEntry[]): void {
  encoding.writeVarUint(encoder, entries.length);
  for (const entry of entries) writeEntry(encoder, entry);
}

function readEntries(decoder: decoding.Decoder, schema: Schema): LogEntry[] {
  return readMany(decoder, Math.min(entriesMax, decoder.arr.length), (at) => readEntry(at, schema));
}

function readRefusal(decoder: decoding.Decoder): string | null {
  const refusal: unknown = readPlain(decoder);
  if (refusal !== null && typeof refusal !== 'string') throw new RangeError('a refusal is a sentence');
  return refusal;
}
