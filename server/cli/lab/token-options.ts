/** The options of `start` and `relay` about tokens. No message has a token in it. */
import { readFile } from 'node:fs/promises';
import { isGuessable, isToken, newToken, tokenLength, tokenRule } from '../../relay/admission/access-token.ts';
import type { Environment } from '../command.ts';
import { type Options, type OptionValues, textOption } from '../options.ts';
import { UsageError } from '../usage-error.ts';

/** Where a token comes from. */
export type TokenSource =
  | { readonly kind: 'made-up' }
  /** `isSecret`: it came by the environment, and is not to be shown. */
  | { readonly kind: 'given'; readonly token: string; readonly isSecret: boolean }
  | { readonly kind: 'file'; readonly path: string };

export interface TokenOptions {
  /** What every client must bring; null: nothing. */
  readonly token: TokenSource | null;
  /** What clients may bring that only read; null: there is none. */
  readonly readToken: TokenSource | null;
  /** A further name for "token" in addresses. */
  readonly tokenQuery: string | null;
}

/** The tokens of a server, and whether the first may be shown to who started it. */
export interface ReadTokens {
  readonly token: string | null;
  readonly readToken: string | null;
  readonly isSecret: boolean;
}

/** The token as it may be printed; null: there is none. One from the environment or a file is known to who started this, and may not be meant for their terminal's log. */
export function shownToken({ token, isSecret }: ReadTokens): string | null {
  return token !== null && isSecret ? 'TOKEN' : token;
}

export const tokenOptions = {
  token: { type: 'string' },
  'token-file': { type: 'string' },
  'token-query': { type: 'string' },
  'read-token': { type: 'string' },
} satisfies Options;

/** `--token` may stand without a value: then one is made up. */
export function withTokenValue(words: readonly string[]): string[] {
  return words.flatMap((word, at) => (word === '--token' && (words[at + 1] ?? '--').startsWith('--') ? [word, 'auto'] : [word]));
}

/** Throws a UsageError. */
export function readTokenOptions(command: string, values: OptionValues, environment: Environment): TokenOptions {
  const token = accessToken(command, values, environment);
  const readToken = given(command, 'REJOIN_READ_TOKEN', 'read-token', values, environment);
  const tokenQuery = textOption(command, values, 'token-query');
  if (readToken !== null && token === null) throw new UsageError(`rejoin ${command}: --read-token is beside --token, which is missing`);
  if (tokenQuery !== null && token === null) throw new UsageError(`rejoin ${command}: --token-query names where --token stands, which is missing`);
  if (tokenQuery !== null && (!/^[A-Za-z0-9._~-]{1,64}$/.test(tokenQuery) || ['name', 'room', 'replica'].includes(tokenQuery))) {
    throw new UsageError(`rejoin ${command}: --token-query is a name in an address, such as auth, not "${tokenQuery}"`);
  }
  return { token, readToken, tokenQuery };
}

/** Reads and makes up what is needed. Throws a UsageError where a file cannot be read or has no token in it. */
export async function readTokens({ token, readToken }: TokenOptions, command: string, warn: (line: string) => void): Promise<ReadTokens> {
  const [all, read] = [await tokenOf(token, command), await tokenOf(readToken, command)];
  if (all !== null && all === read) throw new UsageError(`rejoin ${command}: --read-token must be another one than --token`);
  for (const each of [all, read]) {
    if (each !== null && isGuessable(each)) warn(`A token has fewer than ${tokenLength.safe} characters, so it may be guessed; --token without a value makes up a safe one.`);
  }
  return { token: all, readToken: read, isSecret: token?.kind === 'file' || (token?.kind === 'given' && token.isSecret) };
}

function accessToken(command: string, values: OptionValues, environment: Environment): TokenSource | null {
  const path = textOption(command, values, 'token-file');
  if (path !== null && values['token'] !== undefined) throw new UsageError(`rejoin ${command}: one token is enough; leave out --token or --token-file`);
  if (path !== null) return { kind: 'file', path };
  if (values['token'] === 'auto') return { kind: 'made-up' };
  return given(command, 'REJOIN_TOKEN', 'token', values, environment);
}

/** By the option, or else by the environment. */
function given(command: string, variable: string, option: string, values: OptionValues, environment: Environment): TokenSource | null {
  const word = textOption(command, values, option);
  const token = word ?? (environment[variable] || null);
  if (token === null) return null;
  if (!isToken(token)) throw new UsageError(`rejoin ${command}: ${word === null ? variable : `--${option}`} is ${tokenRule}${option === 'token' ? '; --token without a value makes one up' : ''}`);
  return { kind: 'given', token, isSecret: word === null };
}

async function tokenOf(source: TokenSource | null, command: string): Promise<string | null> {
  if (source === null) return null;
  if (source.kind === 'made-up') return newToken();
  if (source.kind === 'given') return source.token;
  const content = await readFile(source.path, 'utf8').catch((error: Error) => {
    throw new UsageError(`rejoin ${command}: --token-file cannot be read: ${error.message}`);
  });
  const token = content.trim();
  if (!isToken(token)) throw new UsageError(`rejoin ${command}: --token-file has one line, a token of ${tokenRule}`);
  return token;
}
