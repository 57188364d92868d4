/** The options of `start` and `relay` that say who may come in, and how much of the relay they may use. */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { isToken } from '../relay/entrance/access-token.ts';
import type { RelayLimits } from '../relay/relay-limits.ts';
import { isLoopback } from '../relay/entrance/seats.ts';
import { type Options, wholeNumber } from './options.ts';
import { UsageError } from './usage-error.ts';

export interface ServerOptions {
  readonly host: string;
  /** What everybody must show; "auto": one that is made up at the start; null: nothing. */
  readonly token: string | null;
  /** Files of certificate and key, in PEM; null: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Further names that may stand in the Host header. */
  readonly hostNames: readonly string[];
  readonly limits: Partial<RelayLimits>;
}

export const serverOptions = {
  host: { type: 'string' },
  token: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'host-name': { type: 'string', multiple: true },
  'max-rooms': { type: 'string' },
  'max-sessions': { type: 'string' },
  'max-sessions-per-address': { type: 'string' },
  'max-document-mib': { type: 'string' },
  'max-payload-mib': { type: 'string' },
  'max-presence-kib': { type: 'string' },
  'max-room-presence-kib': { type: 'string' },
} satisfies Options;

type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** `--token` may stand without a value: then one is made up. */
export function withTokenValue(words: readonly string[]): string[] {
  return words.flatMap((word, at) => (word === '--token' && (words[at + 1] ?? '--').startsWith('--') ? [word, 'auto'] : [word]));
}

/** Throws a UsageError, which never has the token in it. */
export function readServerOptions(command: string, values: Values): ServerOptions {
  const host = text(command, values, 'host') ?? '127.0.0.1';
  const token = text(command, values, 'token');
  if (token !== null && token !== 'auto' && !isToken(token)) throw new UsageError(`rejoin ${command}: --token is 22 to 256 of A–Z a–z 0–9 _ - (128 bits or more); without a value one is made up`);
  if (!/^[A-Za-z0-9.:_-]+$/.test(host)) throw new UsageError(`rejoin ${command}: --host is an address of this machine, such as 127.0.0.1 or 0.0.0.0, not "${host}"`);
  if (token === null && !isLoopback(host)) throw new UsageError(`rejoin ${command}: --host ${host} lets other machines in, and that needs a token; add --token, and one is made up and told`);
  return { host, token, tls: tlsFiles(command, values), hostNames: ((values['host-name'] ?? []) as readonly string[]).map((name) => hostName(command, name)), limits: limitsIn(command, values) };
}

/** Certificate and key; throws a UsageError where they cannot be read. */
export async function readTls({ tls }: ServerOptions, command: string): Promise<{ cert: string; key: string } | null> {
  if (tls === null) return null;
  const content = (option: string, file: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: Error) => {
      throw new UsageError(`rejoin ${command}: ${option} cannot be read: ${error.message}`);
    });
  return { cert: await content('--tls-cert', tls.cert), key: await content('--tls-key', tls.key) };
}

/** Where other machines find a server at this address: the origins, without the one that this machine uses. */
export function originsFromOutside(host: string, url: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  const { protocol, port } = new URL(url);
  const found = Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal);
  return found.map(({ address }) => `${protocol}//${address}:${port}`);
}

function text(command: string, values: Values, name: string): string | null {
  const value = values[name];
  if (value === '') throw new UsageError(`rejoin ${command}: --${name} must not be empty`);
  return typeof value === 'string' ? value : null;
}

function tlsFiles(command: string, values: Values): ServerOptions['tls'] {
  const [cert, key] = [text(command, values, 'tls-cert'), text(command, values, 'tls-key')];
  if (cert !== null && key !== null) return { cert, key };
  if (cert !== null || key !== null) throw new UsageError(`rejoin ${command}: --tls-cert and --tls-key belong together; ${cert === null ? '--tls-cert' : '--tls-key'} is missing`);
  return null;
}

function hostName(command: string, name: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(name)) return name.toLowerCase();
  throw new UsageError(`rejoin ${command}: --host-name is a name such as lab.example, not "${name}"`);
}

function limitsIn(command: string, values: Values): Partial<RelayLimits> {
  const number = (option: string, max: number): number | undefined => {
    const given = text(command, values, option);
    return given === null ? undefined : wholeNumber(`${command}: --${option}`, given, 1, max);
  };
  const bytes = (option: string, max: number, unit: number): number | undefined => {
    const given = number(option, max);
    return given === undefined ? undefined : given * unit;
  };
  const mebibytes = (option: string): number | undefined => bytes(option, 1_024, 1_048_576);
  const kibibytes = (option: string): number | undefined => bytes(option, 1_048_576, 1_024);
  const limits: { [Name in keyof RelayLimits]?: RelayLimits[Name] | undefined } = {
    roomsMax: number('max-rooms', 1_000_000),
    sessionsPerRoomMax: number('max-sessions', 1_000_000),
    sessionsPerAddressMax: number('max-sessions-per-address', 1_000_000),
    documentBytesMax: mebibytes('max-document-mib'),
    payloadBytesMax: mebibytes('max-payload-mib'),
    presenceBytesMax: kibibytes('max-presence-kib'),
    presencePerRoomBytesMax: kibibytes('max-room-presence-kib'),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
