/** The project's files, as the tidy checks look at them. The checks are functions of these, so that each can be shown a made-up bad input. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface SourceFile {
  /** From the top of the project, with forward slashes: "shared/clocks/dot.ts". */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** What stands in the source: "../clocks/dot.ts", "yjs". */
  readonly specifier: string;
  /** The file that it means, where it is one of ours; else null. */
  readonly to: string | null;
}

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export const rooms = ['library', 'main', 'renderer', 'server', 'shared'] as const;

/** All files of these folders with one of these endings, in order of their paths. */
export function readSources(folders: readonly string[], endings: readonly string[] = ['.ts']): SourceFile[] {
  return folders.flatMap((folder) => filesUnder(folder))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(projectRoot + path, 'utf8') }));
}

function filesUnder(folder: string): string[] {
  return readdirSync(projectRoot + folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}

/** Every import of a file: static, dynamic, re-exports and those of types alone. */
export function importsOf(file: SourceFile): Import[] {
  const { importedFiles } = ts.preProcessFile(file.text, true, true);
  return importedFiles.map(({ fileName }) => ({ from: file.path, specifier: fileName, to: resolve(file.path, fileName) }));
}

function resolve(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const { pathname } = new URL(specifier, `file:///${from}`);
  const path = pathname.slice(1).replace(/\?.*$/, '');
  return /\.[a-z]+$/.test(path) ? path : `${path}.ts`;
}

export function parsed(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
}

/** Calls `visit` for a node and everything in it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
