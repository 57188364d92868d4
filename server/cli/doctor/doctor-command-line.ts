/** What the words after `rejoin doctor` ask for, and its help. */
import { roomOfPath } from '../../../shared/protocol/room-name.ts';
import { optionsOf } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export interface RoomAddress {
  /** Of the relay, such as "http://127.0.0.1:1234". */
  readonly origin: string;
  readonly room: string;
}

export interface DoctorRequest {
  readonly command: 'doctor';
  /** One file, two, or the room of a relay that runs; "-" is standard input. */
  readonly of: readonly string[] | RoomAddress;
  /** For a relay that asks for one; null: none. */
  readonly token: string | null;
  readonly json: boolean;
}

export const doctorHelp = `Says why two Yjs documents differ, and how to mend it: updates that one of them lacks, edits that wait for others, deletions that only one has heard of, a client id that two copies used, a document that was created on both sides.

Usage: rejoin doctor FILE FILE [options]
       rejoin doctor FILE [options]
       rejoin doctor ws://HOST:PORT/ROOM [options]

FILE is a document as Y.encodeStateAsUpdate or Y.encodeStateAsUpdateV2 gives it, or a saved history (JSON Lines) that has the document in it, plain or gzipped, or such an update in base64; which it is shows in its content. "-" is standard input. Of one file it says what is in it: roots and their types, clients, deletions, what waits and for what. Of a room (ws:// or http://) the islands are compared with each other.

Options:
  --token T      send this token to the relay
  --json         print only JSON on standard output
  --help, -h     this text

Exit code: 0 the documents are equal (of one: nothing is wrong with it), 1 they differ (something is), 2 a file, the room or the command line makes no sense.

Examples:
  rejoin doctor phone.bin laptop.bin
  rejoin doctor phone.bin
  psql -Atc "select encode(doc, 'base64') from docs where id = 7" | rejoin doctor -
  rejoin doctor before.jsonl after.jsonl --json
  rejoin doctor ws://127.0.0.1:1234/lab
  curl http://127.0.0.1:1234/-/api/rooms/lab/document > lab.bin
`;

const options = {
  token: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Null: help is asked for. */
export function readDoctorCommandLine(words: readonly string[]): DoctorRequest | null {
  const { values, positionals } = optionsOf('doctor', words, options, true);
  if (values.help) return null;
  const [first, second, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`rejoin doctor: two files or one room, not also "${more[0]!}"`);
  if (!first) throw new UsageError('rejoin doctor: a file, two, or the address of a room is missing (see rejoin doctor --help)');
  const room = positionals.find(isAddress);
  const { token = null, json = false } = values;
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) throw new UsageError('rejoin doctor: --token is a word of plain characters');
  if (room === undefined) {
    if (first === '-' && second === '-') throw new UsageError('rejoin doctor: only one of two can be standard input');
    if (token !== null) throw new UsageError('rejoin doctor: --token is for a room');
    return { command: 'doctor', of: second ? [first, second] : [first], token, json };
  }
  if (second) throw new UsageError('rejoin doctor: two files or one room, not both; a room\'s document is a file too (GET /-/api/rooms/ROOM/document)');
  return { command: 'doctor', of: roomAddress(room), token, json };
}

function isAddress(word: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(word);
}

function roomAddress(word: string): RoomAddress {
  const wrong = (): UsageError => new UsageError(`rejoin doctor: a room is ws://HOST:PORT/ROOM, not "${word}"`);
  if (!/^(ws|http)s?:/i.test(word)) throw wrong();
  if (!URL.canParse(word)) throw wrong();
  const { protocol, host, pathname } = new URL(word);
  if (pathname === '/') throw new UsageError(`rejoin doctor: the room is missing in "${word}"`);
  const { name, problem } = { name: '', ...roomOfPath(pathname) };
  if (problem !== undefined) throw new UsageError(`rejoin doctor: ${problem}`);
  return { origin: `${protocol.replace('ws', 'http')}//${host}`, room: name };
}
