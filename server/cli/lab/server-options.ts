/** The options of `start` and `relay` that say who may come in, and how much of the relay they may use. */
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { originExamples, readOrigin } from '../../relay/admission/allowed-origins.ts';
import { isAddressRange } from '../../relay/admission/client-addresses.ts';
import { isLoopback } from '../../relay/admission/connection-limits.ts';
import type { RelayLimits } from '../../../shared/relay/relay-limits.ts';
import type { Environment } from '../command.ts';
import { type Options, type OptionValues, textOption, wholeNumber } from '../options.ts';
import { readTokenOptions, type TokenOptions, tokenOptions } from './token-options.ts';
import { UsageError } from '../usage-error.ts';

export interface ServerOptions extends TokenOptions {
  readonly host: string;
  /** Files of certificate and key, in PEM; null: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Further names that may stand in the Host header. */
  readonly hostNames: readonly string[];
  /** Origins of pages and apps that may use the relay beside its own, such as "http://localhost:5173". */
  readonly allowOrigins: readonly string[];
  /** Addresses and ranges of proxies that are believed. */
  readonly trustedProxies: readonly string[];
  /** Whether documents forget what was deleted. */
  readonly gc: boolean;
  readonly limits: Partial<RelayLimits>;
}

export const serverOptions = {
  host: { type: 'string' },
  ...tokenOptions,
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'host-name': { type: 'string', multiple: true },
  'allow-origin': { type: 'string', multiple: true },
  'trusted-proxy': { type: 'string', multiple: true },
  gc: { type: 'string' },
  'max-rooms': { type: 'string' },
  'max-sessions': { type: 'string' },
  'max-sessions-per-address': { type: 'string' },
  'max-document-mib': { type: 'string' },
  'max-payload-mib': { type: 'string' },
  'max-presence-kib': { type: 'string' },
  'max-room-presence-kib': { type: 'string' },
} satisfies Options;

/** Throws a UsageError, which never has the token in it. */
export function readServerOptions(command: string, values: OptionValues, environment: Environment): ServerOptions {
  const host = textOption(command, values, 'host') ?? '127.0.0.1';
  const tokens = readTokenOptions(command, values, environment);
  if (!/^[A-Za-z0-9.:_-]+$/.test(host)) throw new UsageError(`rejoin ${command}: --host is an address of this machine, such as 127.0.0.1 or 0.0.0.0, not "${host}"`);
  if (tokens.token === null && !isLoopback(host)) throw new UsageError(`rejoin ${command}: --host ${host} lets other machines in, and that needs a token; add --token, and one is made up and told`);
  const each = (name: string): readonly string[] => (values[name] ?? []) as readonly string[];
  return {
    ...tokens,
    host,
    tls: tlsFiles(command, values),
    hostNames: each('host-name').map((name) => hostName(command, name)),
    allowOrigins: each('allow-origin').map((origin) => allowedOrigin(command, origin)),
    trustedProxies: each('trusted-proxy').map((proxy) => trustedProxy(command, proxy)),
    gc: isGcOn(command, textOption(command, values, 'gc') ?? 'on'),
    limits: limitsIn(command, values),
  };
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

function tlsFiles(command: string, values: OptionValues): ServerOptions['tls'] {
  const [cert, key] = [textOption(command, values, 'tls-cert'), textOption(command, values, 'tls-key')];
  if (cert !== null && key !== null) return { cert, key };
  if (cert !== null || key !== null) throw new UsageError(`rejoin ${command}: --tls-cert and --tls-key belong together; ${cert === null ? '--tls-cert' : '--tls-key'} is missing`);
  return null;
}

function hostName(command: string, name: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(name)) return name.toLowerCase();
  throw new UsageError(`rejoin ${command}: --host-name is a name such as lab.example, not "${name}"`);
}

function allowedOrigin(command: string, text: string): string {
  const origin = readOrigin(text);
  if (origin !== null) return origin;
  throw new UsageError(`rejoin ${command}: --allow-origin is an origin such as ${originExamples}, not "${text}"`);
}

function isGcOn(command: string, word: string): boolean {
  if (word === 'on' || word === 'off') return word === 'on';
  throw new UsageError(`rejoin ${command}: --gc is on or off, not "${word}"`);
}

function trustedProxy(command: string, text: string): string {
  if (isAddressRange(text)) return text;
  throw new UsageError(`rejoin ${command}: --trusted-proxy is an address or a range such as 10.0.0.0/8, not "${text}"`);
}

function limitsIn(command: string, values: OptionValues): Partial<RelayLimits> {
  const number = (option: string, max: number): number | undefined => {
    const given = textOption(command, values, option);
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
