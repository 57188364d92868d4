/**
 * Shared code from its source with one place of it changed, as a program of its own: quick enough for
 * one such program a test.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { projectRoot } from '../tidy/source-files.ts';

/** One place of the source, and what stands there instead. */
export interface Variant {
  readonly name: string;
  /** Below the project's folder: "shared/clocks/dot.ts". */
  readonly file: string;
  /** Is in the file just once, whatever white space is in it. */
  readonly find: string;
  readonly put: string;
}

type Module = Record<string, unknown>;

const packages = createRequire(import.meta.url);
const compiled = new Map<string, string>();

/** Loads modules of `shared`, all with the same change, as `loadChanged`. */
export function loadShared(change: Variant | null): (path: string) => Module {
  return loadChanged(change === null ? [] : [change]);
}

/**
 * Loads modules of `shared` with changes, one after the other, and with files that are not on disk, by
 * their paths. Throws if a place is not there exactly once: then the variant has to follow the source.
 */
export function loadChanged(
  changes: readonly Variant[],
  added: Readonly<Record<string, string>> = {},
): (path: string) => Module {
  const own = new Map(Object.entries(added).map(([path, text]) => [join(projectRoot, path), text]));
  for (const change of changes) {
    const file = join(projectRoot, change.file);
    own.set(file, changedSource(own.get(file) ?? readFileSync(file, 'utf8'), change));
  }
  const changed = new Map([...own].map(([file, source]) => [file, compile(source)]));
  const loaded = new Map<string, Module>();
  const codeOf = (file: string): string => {
    const known = changed.get(file) ?? compiled.get(file) ?? compile(readFileSync(file, 'utf8'));
    if (changed.has(file)) return known;
    compiled.set(file, known);
    return known;
  };
  const load = (file: string): Module => {
    const known = loaded.get(file);
    if (known) return known;
    const exported: Module = {};
    loaded.set(file, exported);
    const run = compileFunction(codeOf(file), ['exports', 'require'], { filename: file });
    run(exported, (wanted: string) => {
      return wanted.startsWith('.')
        ? load(resolve(dirname(file), wanted))
        : (packages(wanted) as unknown);
    });
    return exported;
  };
  return (path) => load(join(projectRoot, path));
}

/**
 * The source with the variant's place changed. White space does not count where it is looked for, and
 * neither does a comma before a closing bracket: how lines are broken is the formatter's business.
 * Throws if it is not there exactly once.
 */
export function changedSource(source: string, { name, file, find, put }: Variant): string {
  const [all, wanted] = [withoutSpace(source), withoutSpace(find)];
  const places = wanted.text === '' ? 0 : all.text.split(wanted.text).length - 1;
  const start = all.text.indexOf(wanted.text);
  // A place that overlaps itself is no one place either.
  if (places !== 1 || all.text.lastIndexOf(wanted.text) !== start) {
    throw new Error(`${name}: "${find}" is ${places} times in ${file}; it has to be there once`);
  }
  const last = all.places[start + wanted.text.length - 1]!;
  return source.slice(0, all.places[start]) + put + source.slice(last + 1);
}

interface Spaceless {
  readonly text: string;
  /** Where each of its characters stands in the text that it was made of. */
  readonly places: readonly number[];
}

function withoutSpace(source: string): Spaceless {
  const places: number[] = [];
  for (const { index } of source.matchAll(/(?!,\s*[)\]}])\S/g)) places.push(index);
  return { text: places.map((place) => source[place]).join(''), places };
}

function compile(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  return outputText;
}
