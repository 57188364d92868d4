/** Files that a command cannot read: what it says of them, and that it says it in one plain line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { runHere } from './command-here.ts';

/** Words of the YAML reader, the checker of shapes and the JSON reader, or of their code, that no person wrote. */
const foreignWords =
  /parseAll|Zod|Invalid|[Rr]eceived|\bunion\b|discriminator|scalar|flow|sequence|mapping|[Mm]ap keys|[Ii]mplicit|[A-Z]{2,}_[A-Z]|token|\bnode|\balias|\banchor|directive|indicator|tag:yaml|in JSON at|is not valid JSON|undefined|\[object|Buffer|Unresolved|Unsupported|Excessive/;

/**
 * What a command says of a file with this content, after the name of the file. Fails unless that is one line on standard error, without words of libraries, and
 * the exit code is 2.
 */
export function useBrokenFiles(
  prefix: string,
): (command: 'run' | 'replay', content: string | Uint8Array) => Promise<string> {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), prefix));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  return async (command, content) => {
    await writeFile(join(folder, 'broken'), content);
    const { code, out, err } = await runHere([command, 'broken'], folder);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^rejoin (run|replay): broken[^\n\p{Cc}]+\n$/u);
    expect(err.replaceAll(/“[^”]*”|"[^"]*"/g, '')).not.toMatch(foreignWords);
    return err.slice(`rejoin ${command}: broken`.length).trimEnd();
  };
}
