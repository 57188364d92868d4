/** Which scripts a built page loads, at first and later, and how large they are on the wire. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export interface ScriptSize {
  readonly file: string;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
}

export interface PageScripts {
  /** What the page runs before it shows anything: its own script and all that this imports. */
  readonly first: readonly ScriptSize[];
  /** What it loads once it runs: parts that a person opens, workers, and what stands in for workers that do not start. */
  readonly later: readonly ScriptSize[];
}

const staticImport = /(?:^|[;}\n])import(?:[^'"`()]*?from)?\s*["'`]\.\/([^"'`]+\.js)["'`]/g;
const laterLoad = /(?:import\(|new URL\()\s*(?:\/\*[^*]*\*\/)?\s*["'`](?:\.\/|\/assets\/)?([^"'`]+\.js)["'`]/g;

/** `folder`: dist/renderer. `page`: "replica.html". Throws where the page has no script. */
export function pageScripts(folder: string, page: string): PageScripts {
  const html = readFileSync(join(folder, page), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map((match) => match[1]!);
  if (named.length === 0) throw new Error(`${page} has no script of its own`);
  const first = reached(folder, named, [staticImport]);
  const all = reached(folder, named, [staticImport, laterLoad]);
  return { first: first.map((file) => sizeOf(folder, file)), later: all.filter((file) => !first.includes(file)).map((file) => sizeOf(folder, file)) };
}

export function gzipBytesOf(scripts: readonly ScriptSize[]): number {
  return scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0);
}

export function brotliBytesOf(scripts: readonly ScriptSize[]): number {
  return scripts.reduce((sum, { brotliBytes }) => sum + brotliBytes, 0);
}

function reached(folder: string, from: readonly string[], links: readonly RegExp[]): string[] {
  const files = new Set(from);
  for (const file of files) {
    const code = readFileSync(join(folder, 'assets', file), 'utf8');
    for (const link of links) for (const [, name] of code.matchAll(link)) files.add(name!);
  }
  return [...files];
}

function sizeOf(folder: string, file: string): ScriptSize {
  const code = readFileSync(join(folder, 'assets', file));
  return { file, gzipBytes: gzipSync(code, { level: 9 }).length, brotliBytes: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length };
}
