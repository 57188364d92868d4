/**
 * The file that is to be replayed: a saved history or an editing trace, plain or gzipped; which it is shows in its content, never in its name.
 *
 * Guarantees: at most `limits` are read and held, whatever the file claims to be; what is wrong throws an UnreadableInput.
 */
import { type EditingTrace, parseEditingTrace } from '../../../shared/replay/editing-trace.ts';
import { HistoryReader, type ReadHistory } from '../../../shared/history/history-file.ts';
import { isHeader } from '../../../shared/history/history-header.ts';
import { parsePlainJson, quotedStart } from '../../../shared/encoding/plain-json.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { asUnreadable, decodedText, unpacked } from '../unpacked-file.ts';

export type ReplaySource = { readonly kind: 'history'; readonly history: ReadHistory } | { readonly kind: 'trace'; readonly trace: EditingTrace };

/** In bytes, after unpacking. */
export interface SourceLimits {
  readonly lineBytesMax: number;
  readonly historyBytesMax: number;
  readonly traceBytesMax: number;
}

const mebibyte = 1024 * 1024;

export const sourceLimits: SourceLimits = { lineBytesMax: 16 * mebibyte, historyBytesMax: 64 * mebibyte, traceBytesMax: 32 * mebibyte };

const expected = 'expected a saved history (JSON Lines, format "rejoin-history") or an editing trace (JSON, kind "concurrent"), plain or gzipped';

const lineEnd = 10;

export async function readReplaySource(file: string, limits: SourceLimits = sourceLimits): Promise<ReplaySource> {
  try {
    return await new SourceReader(limits).read(unpacked(file));
  } catch (error) {
    throw asUnreadable(error);
  }
}

class SourceReader {
  private history: HistoryReader | null = null;
  /** Of a trace all, of a history the line that has begun. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private bytes = 0;
  private isTrace = false;

  constructor(private readonly limits: SourceLimits) {}

  async read(chunks: AsyncIterable<Buffer>): Promise<ReplaySource> {
    for await (const chunk of chunks) {
      this.bytes += chunk.length;
      if (this.bytes > this.limits.historyBytesMax) throw new UnreadableInput(`expected a history of at most ${inMebibytes(this.limits.historyBytesMax)}, unpacked`);
      this.take(chunk);
    }
    if (this.history) {
      if (this.heldBytes > 0) this.history.take(this.text());
      return { kind: 'history', history: this.history.end() };
    }
    if (!this.isTrace && this.begin()) return { kind: 'history', history: this.history!.end() };
    return { kind: 'trace', trace: this.trace() };
  }

  private take(chunk: Buffer): void {
    let start = 0;
    while (!this.isTrace) {
      const end = chunk.indexOf(lineEnd, start);
      if (end < 0) break;
      this.hold(chunk.subarray(start, end));
      if (this.history) this.history.take(this.text());
      else if (!this.begin()) this.hold(chunk.subarray(end, end + 1));
      start = end + 1;
    }
    this.hold(chunk.subarray(start));
  }

  /** With the whole first line: whether it begins a history. All else can only be a trace. */
  private begin(): boolean {
    const [first, bytes] = [Buffer.concat(this.held), this.heldBytes];
    this.isTrace = bytes > this.limits.lineBytesMax || !isFirstLine(first);
    if (this.isTrace) {
      [this.held, this.heldBytes] = [[first], bytes];
      return false;
    }
    this.history = new HistoryReader();
    this.history.take(this.text());
    return true;
  }

  private hold(part: Buffer): void {
    this.held.push(part);
    this.heldBytes += part.length;
    const { lineBytesMax, traceBytesMax } = this.limits;
    if (this.history && this.heldBytes > lineBytesMax) throw new UnreadableInput(`expected lines of at most ${inMebibytes(lineBytesMax)}`, this.history.nextLine);
    if (!this.history && this.heldBytes > traceBytesMax) throw new UnreadableInput(`${expected}, of at most ${inMebibytes(traceBytesMax)} in one piece`, this.isTrace ? null : 1);
  }

  /** What is held, which is then let go. */
  private text(): string {
    const bytes = Buffer.concat(this.held);
    [this.held, this.heldBytes] = [[], 0];
    return decodedText(bytes, this.history?.nextLine ?? null);
  }

  private trace(): EditingTrace {
    if (this.bytes === 0) throw new UnreadableInput(`${expected}; it is empty`);
    const text = this.text();
    if (!/"kind"\s*:\s*"concurrent"/.test(text)) throw new UnreadableInput(`${expected}, not ${quotedStart(text)}`, 1);
    return parseEditingTrace(text);
  }
}

/** Whether a history begins so, be it with a mistake. */
function isFirstLine(line: Buffer): boolean {
  const text = line.toString();
  if (/"format"\s*:\s*"rejoin-history"/.test(text)) return true;
  try {
    return isHeader(parsePlainJson(text, 12));
  } catch {
    return false;
  }
}

function inMebibytes(bytes: number): string {
  return bytes >= mebibyte ? `${bytes / mebibyte} MiB` : `${bytes} bytes`;
}
