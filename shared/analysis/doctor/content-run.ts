/**
 * Runs of units as a saved document has them, in a form that can be compared unit by unit: Yjs splits and joins what it stores as it likes, so that equal
 * documents may be cut up differently.
 */
import { toBase64 } from 'lib0/buffer';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { quoted } from '../phrases.ts';

/** The name of one unit. */
export interface UnitId {
  readonly client: number;
  readonly clock: number;
}

/** Where a unit was put, as its maker said it. `parent` and `key` are told only where there is neither neighbour. */
export interface UnitPlace {
  readonly left: UnitId | null;
  readonly right: UnitId | null;
  /** The name of a root type, or the unit that is the type. */
  readonly parent: string | UnitId | null;
  /** The key of a map. */
  readonly key: string | null;
}

type ValueKind = 'value' | 'json' | 'embed' | 'format' | 'binary' | 'type' | 'subdocument';

export type RunContent =
  /** Deleted and thrown away: Yjs keeps the length alone (GC), or the place too (deleted). */
  | { readonly kind: 'collected' | 'deleted' }
  | { readonly kind: 'text'; readonly text: string }
  /** For each unit a text that is equal where the values are, and what Yjs decoded; of a type, whether it is "xml". */
  | { readonly kind: ValueKind; readonly values: readonly string[]; readonly raw: readonly unknown[] };

export interface Run extends UnitId {
  readonly length: number;
  /** Null where it is not known any more. */
  readonly place: UnitPlace | null;
  readonly content: RunContent;
}

/** In UTF-16 code units. */
const shownMax = 40;

/** What Yjs decoded, as a run; null for a gap. */
export function runOf(struct: Y.Item | Y.GC | Y.Skip): Run | null {
  if (struct instanceof Y.Skip) return null;
  const { id: { client, clock }, length } = struct;
  if (struct instanceof Y.GC) return { client, clock, length, place: null, content: { kind: 'collected' } };
  // Decoded only, not yet in a document: a parent is a name or an id.
  const parent = struct.parent as unknown as string | UnitId | null;
  const place = { left: struct.origin, right: struct.rightOrigin, parent, key: struct.parentSub };
  return { client, clock, length, place, content: contentOf(struct.content) };
}

/** The part of a run from a clock on that is in it. */
export function runFrom(run: Run, clock: number): Run {
  const skipped = clock - run.clock;
  if (skipped === 0) return run;
  const { content } = run;
  const rest: RunContent = content.kind === 'text' ? { kind: 'text', text: content.text.slice(skipped) }
    : 'values' in content ? { ...content, values: content.values.slice(skipped), raw: content.raw.slice(skipped) } : content;
  return { client: run.client, clock, length: run.length - skipped, place: placeAt(run, clock), content: rest };
}

/** Where the unit at a clock of the run was put: after the one before it, unless it is the first. */
export function placeAt({ client, clock: start, place }: Run, clock: number): UnitPlace | null {
  if (place === null || clock === start) return place;
  return { left: { client, clock: clock - 1 }, right: place.right, parent: null, key: null };
}

/** Whether two units, or none, are meant to be the same one. */
export type SameUnit = (a: UnitId, b: UnitId) => boolean;

export function samePlace(a: UnitPlace, b: UnitPlace, same: SameUnit): boolean {
  const alike = (x: UnitId | string | null, y: UnitId | string | null): boolean => (typeof x === 'object' && x !== null && typeof y === 'object' && y !== null ? same(x, y) : x === y);
  return alike(a.left, b.left) && alike(a.right, b.right) && alike(a.parent, b.parent) && a.key === b.key;
}

/** Whether the content of a run can still be read. */
export function isKnown({ content }: Run): boolean {
  return content.kind !== 'collected' && content.kind !== 'deleted';
}

/** Whether two units whose content is known have the same. Offsets count from the start of each run. */
export function sameContent(a: Run, offsetA: number, b: Run, offsetB: number): boolean {
  if (a.content.kind === 'text' && b.content.kind === 'text') return sameCharacter(a.content.text.charCodeAt(offsetA), b.content.text.charCodeAt(offsetB));
  return a.content.kind === b.content.kind && 'values' in a.content && 'values' in b.content && a.content.values[offsetA] === b.content.values[offsetB];
}

/** Units of a run for people: “hello”. Null where nothing can be shown. */
export function excerpt(run: Run, clock: number, length: number): string | null {
  const { content } = run;
  const from = clock - run.clock;
  if (content.kind === 'text') return quoted(content.text.slice(from, from + Math.min(length, 2 * shownMax)));
  return 'raw' in content ? content.raw.slice(from, from + Math.min(length, 3)).map((value) => shownAs(content.kind, value)).join(', ') : null;
}

/** Where Yjs cuts a surrogate pair, it puts U+FFFD in place of its halves. */
function sameCharacter(a: number, b: number): boolean {
  return a === b || (a === 0xfffd && isSurrogate(b)) || (b === 0xfffd && isSurrogate(a));
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function contentOf(content: Y.Item['content']): RunContent {
  if (content instanceof Y.ContentDeleted) return { kind: 'deleted' };
  if (content instanceof Y.ContentString) return { kind: 'text', text: content.str };
  if (content instanceof Y.ContentAny) return { kind: 'value', values: content.arr.map(anyText), raw: content.arr };
  if (content instanceof Y.ContentJSON) return { kind: 'json', values: (content.arr as unknown[]).map(jsonText), raw: content.arr };
  if (content instanceof Y.ContentEmbed) return { kind: 'embed', values: [jsonText(content.embed)], raw: [content.embed] };
  if (content instanceof Y.ContentFormat) return { kind: 'format', values: [jsonText([content.key, content.value])], raw: [content.key] };
  if (content instanceof Y.ContentBinary) return { kind: 'binary', values: [toBase64(content.content)], raw: [content.content] };
  if (content instanceof Y.ContentDoc) return { kind: 'subdocument', values: [written(content)], raw: [content.doc.guid] };
  const type = content instanceof Y.ContentType ? content.type : null;
  const isXml = type instanceof Y.XmlFragment || type instanceof Y.XmlText;
  return { kind: 'type', values: [written(content)], raw: [isXml ? 'xml' : null] };
}

/** As Yjs writes it: equal bytes, equal content. */
function written(content: Pick<Y.Item['content'], 'write'>): string {
  const encoder = new Y.UpdateEncoderV1();
  content.write(encoder, 0);
  return toBase64(encoder.toUint8Array());
}

/** What is equal for equal values alone. Most are simple, and an encoder for each would be dear. */
function anyText(value: unknown): string {
  if (typeof value === 'string') return `"${value}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value);
  return `:${toBase64(encoding.encode((encoder) => encoding.writeAny(encoder, value as never)))}`;
}

/** Version 1 writes these values as JSON, which leaves things out that version 2 keeps. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'undefined';
}

function shownAs(kind: ValueKind, value: unknown): string {
  switch (kind) {
    case 'value': case 'json': case 'binary': return shownValue(value);
    case 'embed': return `${shownValue(value)} as an embed`;
    case 'format': return `the format ${quoted(String(value))}`;
    case 'subdocument': return `the subdocument ${quoted(String(value))}`;
    case 'type': return 'a nested type';
  }
}

function shownValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : value instanceof Uint8Array ? `${value.length} ${value.length === 1 ? 'byte' : 'bytes'}` : 'an object';
  return String(value);
}
