/**
 * A file with a Yjs document, or standard input: an update of either version, as bytes or in base64, or a saved history that has the document in it, plain or
 * gzipped.
 *
 * Guarantees: at most `limits` are read and held, whatever the file claims to be; what is wrong throws an UnreadableInput.
 */
import { readSavedDocument, type SavedDocument } from '../../../shared/analysis/doctor/saved-document.ts';
import { HistoryReader } from '../../../shared/history/history-file.ts';
import { isHeader } from '../../../shared/history/history-header.ts';
import { parsePlainJson } from '../../../shared/encoding/plain-json.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { defaultRelayLimits } from '../../../shared/relay/relay-limits.ts';
import { fromBase64, mayBeBase64 } from './base64-text.ts';
import { asUnreadable, unpacked } from '../unpacked-file.ts';

/** In bytes, after unpacking. */
export interface DocumentLimits {
  readonly updateBytesMax: number;
  readonly historyBytesMax: number;
}

const mebibyte = 1024 * 1024;

/** As large as the relay lets documents be; a history has the document in base64, and its records. */
export const documentLimits: DocumentLimits = {
  updateBytesMax: defaultRelayLimits.documentBytesMax,
  historyBytesMax: 2 * defaultRelayLimits.documentBytesMax,
};

/** A document that was read, and from what. */
export interface ReadSource {
  readonly document: SavedDocument;
  readonly from: 'update' | 'history';
}

const [lineEnd, brace] = [10, 0x7b];

export async function readDocumentFile(file: string, limits: DocumentLimits = documentLimits): Promise<ReadSource> {
  try {
    const bytes = await wholeOf(unpacked(file), limits);
    if (bytes.length === 0) throw new UnreadableInput('expected a document of Yjs; it is empty');
    if (isHistory(bytes)) return { document: documentIn(bytes, limits), from: 'history' };
    return { document: updateIn(bytes, limits), from: 'update' };
  } catch (error) {
    throw asUnreadable(error);
  }
}

async function wholeOf(chunks: AsyncIterable<Buffer>, limits: DocumentLimits): Promise<Buffer> {
  const held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    const max = held[0]![0] === brace || mayBeBase64(held[0]!) ? limits.historyBytesMax : limits.updateBytesMax;
    if (bytes > max) throw new UnreadableInput(`expected a document of at most ${max / mebibyte} MiB, unpacked`);
  }
  return Buffer.concat(held);
}

/** An update may begin with the same byte, and does not go on as JSON. */
function isHistory(bytes: Buffer): boolean {
  if (bytes[0] !== brace) return false;
  const end = bytes.indexOf(lineEnd);
  try {
    return isHeader(parsePlainJson(bytes.subarray(0, end < 0 ? bytes.length : end).toString(), 12));
  } catch {
    return false;
  }
}

function updateIn(bytes: Buffer, { updateBytesMax }: DocumentLimits): SavedDocument {
  const decoded = fromBase64(bytes);
  const update = decoded ?? bytes;
  if (update.length > updateBytesMax) throw tooLarge(updateBytesMax);
  if (!decoded) return readSavedDocument(update);
  try {
    return readSavedDocument(decoded);
  } catch (error) {
    throw error instanceof UnreadableInput ? new UnreadableInput(`its text is base64: ${error.message}`) : error;
  }
}

function tooLarge(bytesMax: number): UnreadableInput {
  return new UnreadableInput(`expected a document of at most ${bytesMax / mebibyte} MiB`);
}

function documentIn(bytes: Buffer, { updateBytesMax }: DocumentLimits): SavedDocument {
  const reader = new HistoryReader();
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineEnd, start);
    const end = found < 0 ? bytes.length : found;
    reader.take(textOf(bytes.subarray(start, end), reader.nextLine));
    start = end + 1;
  }
  const { document } = reader.end();
  if (!document) throw new UnreadableInput('expected a history with the CRDT\'s document as its last line; this one has none');
  if (document.length > updateBytesMax) throw tooLarge(updateBytesMax);
  return readSavedDocument(document);
}

function textOf(bytes: Buffer, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableInput('expected text in UTF-8', line);
  }
}
