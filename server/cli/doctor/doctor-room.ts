/** The documents of a room, asked of a relay that runs: of each island one, or the room's own. At most `answerBytesMax` of an answer are read, and nobody is waited for longer than `answerMsMax`. */
import { z } from 'zod';
import { readSavedDocument, type SavedDocument } from '../../../shared/analysis/doctor/saved-document.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import { roomSegment } from '../../../shared/protocol/room-name.ts';
import type { RoomAddress } from './doctor-command-line.ts';
import { documentLimits } from './doctor-source.ts';

export interface FetchedDocument {
  /** "island 0 (A, B)" */
  readonly name: string;
  readonly document: SavedDocument;
}

const answerMsMax = 20_000;
const roomBytesMax = 4 * 1024 * 1024;

const roomShape = z.object({
  islands: z.array(z.array(z.string())),
  sessions: z.array(z.object({ name: z.string(), island: z.number().optional() })),
});

/** One document where the room is whole, else those of all islands that have names or sessions, and of two at least. Throws an UnreadableInput that says what the relay answered. */
export async function roomDocuments({ origin, room }: RoomAddress, token: string | null): Promise<FetchedDocument[]> {
  const address = `${origin}/-/api/rooms/${roomSegment(room)}`;
  const { islands, sessions } = parsedRoom(await answerOf(address, token, roomBytesMax));
  if (islands.length === 0) return [{ name: `room ${room}`, document: readSavedDocument(await answerOf(`${address}/document`, token, documentLimits.updateBytesMax)) }];
  const others = sessions.flatMap(({ name, island }) => (island === islands.length ? [name] : []));
  const documents: FetchedDocument[] = [];
  for (const [island, names] of [...islands, ...(others.length > 0 || islands.length === 1 ? [others] : [])].entries()) {
    documents.push({ name: `island ${island} (${names.join(', ') || 'nobody'})`, document: readSavedDocument(await answerOf(`${address}/document?island=${island}`, token, documentLimits.updateBytesMax)) });
  }
  return documents;
}

function parsedRoom(bytes: Uint8Array): z.infer<typeof roomShape> {
  try {
    return roomShape.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    throw new UnreadableInput('expected a relay of Rejoin; this answered something else');
  }
}

async function answerOf(address: string, token: string | null, bytesMax: number): Promise<Uint8Array> {
  const response = await reached(address, token);
  const bytes = await bodyOf(response, bytesMax);
  if (response.ok) return bytes;
  if (response.status === 401) throw new UnreadableInput(token === null ? 'the relay asks for a token: --token T' : 'the relay does not take this token');
  throw new UnreadableInput(`the relay answered ${response.status}${detailOf(bytes)}`);
}

async function reached(address: string, token: string | null): Promise<Response> {
  try {
    return await fetch(address, { headers: token === null ? {} : { authorization: `Bearer ${token}` }, redirect: 'error', signal: AbortSignal.timeout(answerMsMax) });
  } catch (error) {
    throw unreachable(error);
  }
}

async function bodyOf({ body }: Response, bytesMax: number): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      held.push(chunk);
      bytes += chunk.length;
      if (bytes > bytesMax) throw new UnreadableInput(`expected an answer of at most ${bytesMax / 1024 / 1024} MiB`);
    }
  } catch (error) {
    throw error instanceof UnreadableInput ? error : unreachable(error);
  }
  return Buffer.concat(held);
}

function unreachable(error: unknown): UnreadableInput {
  if ((error as Error).name === 'TimeoutError') return new UnreadableInput(`the relay did not answer within ${answerMsMax / 1_000} seconds`);
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return new UnreadableInput(`no relay can be reached there${code === undefined ? '' : ` (${code})`}`);
}

/** What a problem report says. */
function detailOf(bytes: Uint8Array): string {
  try {
    const { detail } = JSON.parse(Buffer.from(bytes).toString()) as { detail?: unknown };
    return typeof detail === 'string' ? `: ${detail.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}
