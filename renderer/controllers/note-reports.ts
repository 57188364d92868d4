/**
 * What this window notes of its replica: kept in its store, and told to the lab by the control channel, which no partition cuts.
 *
 * Guarantees: the lab gets each note once, in order; one that has started anew is told again what is kept. The latest `notesMax` are kept, soon after they were
 * made: edits do not wait behind them. What a window that dies had not kept yet, the lab was told as a rule.
 */
import * as string from 'lib0/string';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { ControlMessage } from '../../shared/control/control-message.ts';
import type { ReplicaNote } from '../../shared/history/room-event.ts';
import type { Store, StoreChange } from '../../shared/ports/store.ts';
import type { ControlConnection } from './control-connection.ts';

/** So many notes are kept; when there are a tenth more, the oldest go. */
const notesMax = 5_000;
/** The control channel takes 64 KiB at a time: so many characters of notes go out together, and so many notes. */
const batchCharacters = 30_000;
const batchNotes = 500;
/** A longer note is of a room with thousands of replicas: it is left out, as the channel would not take it. */
const noteCharactersMax = 50_000;
/** Notes are stored together, so many milliseconds after the first of them. */
const storeAfterMs = 250;

const prefix = 'note/';

interface Kept {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

export class NoteReports {
  private readonly notes: Kept[];
  private next: number;
  /** How many the lab has, as far as it said on this connection; null: it was not asked yet. */
  private labHas: number | null = null;
  private unstored: StoreChange[] = [];
  private isSending = false;
  /** Whether it was asked on this connection: the lab can answer once it has loaded the room, and its first view says so. */
  private isAsked = false;

  private constructor(private readonly store: Pick<Store, 'write'>, private readonly instance: string, private readonly control: Pick<ControlConnection, 'listen' | 'send'>, kept: Kept[]) {
    this.notes = kept;
    this.next = (kept.at(-1)?.number ?? 0) + 1;
    control.listen({ received: (message) => this.received(message), closed: () => this.lost() });
  }

  /** With what the store has. */
  static async open(store: Store, instance: string, control: Pick<ControlConnection, 'listen' | 'send'>): Promise<NoteReports> {
    const kept: Kept[] = [];
    for await (const { key, value } of store.read(prefix)) kept.push({ number: Number(key.slice(prefix.length)), text: string.decodeUtf8(value) });
    return new NoteReports(store, instance, control, kept);
  }

  /** All that are kept, oldest first. */
  get all(): readonly ReplicaNote[] {
    return this.notes.map(({ text }) => noteOf(text));
  }

  add(note: ReplicaNote): void {
    const text = JSON.stringify(note);
    if (text.length > noteCharactersMax) return;
    const kept = { number: this.next++, text };
    this.notes.push(kept);
    if (this.unstored.length === 0) setTimeout(() => this.storeNow(), storeAfterMs);
    this.unstored.push({ key: keyOf(kept.number), value: string.encodeUtf8(text) });
    if (this.notes.length > notesMax * 1.1) for (const { number } of this.notes.splice(0, this.notes.length - notesMax)) this.unstored.push({ key: keyOf(number), value: null });
    this.sendMore();
  }

  private storeNow(): void {
    const changes = this.unstored;
    this.unstored = [];
    // A note that cannot be kept is told all the same; nothing that a person made hangs on it.
    void this.store.write(changes).catch(() => undefined);
  }

  private ask(): void {
    this.isAsked = true;
    this.isSending = this.control.send({ kind: 'notes', instance: this.instance, from: 1, notes: [] });
  }

  private lost(): void {
    this.labHas = null;
    this.isSending = false;
    this.isAsked = false;
  }

  private received(message: ControlMessage): void {
    if (message.kind === 'lab' && !this.isAsked) return this.ask();
    if (message.kind !== 'noted' || message.instance !== this.instance) return;
    this.labHas = message.upTo;
    this.isSending = false;
    this.sendMore();
  }

  private sendMore(): void {
    if (this.isSending || this.labHas === null) return;
    const first = this.notes.findIndex(({ number }) => number > this.labHas!);
    if (first < 0) return;
    const batch: Kept[] = [];
    for (let characters = 0, at = first; at < this.notes.length && batch.length < batchNotes; at++) {
      const note = this.notes[at]!;
      characters += note.text.length;
      if (batch.length > 0 && characters > batchCharacters) break;
      batch.push(note);
    }
    this.isSending = this.control.send({ kind: 'notes', instance: this.instance, from: batch[0]!.number, notes: batch.map(({ text }) => JSON.parse(text) as object) });
  }
}

function noteOf(text: string): ReplicaNote {
  const note = JSON.parse(text) as ReplicaNote;
  if (note.kind !== 'arrived') return note;
  return { ...note, payload: { ...note.payload, has: VersionVector.of(Object.entries(note.payload.has as unknown as Record<string, number>)) } };
}

function keyOf(number: number): string {
  return `${prefix}${String(number).padStart(10, '0')}`;
}
