/** Shared code from its source with one place of it changed, as a program of its own: quick enough for one such program a test. */
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
  /** Is in the file just once. */
  readonly find: string;
  readonly put: string;
}

type Module = Record<string, unknown>;

const packages = createRequire(import.meta.url);
const compiled = new Map<string, string>();

/** Loads modules of `shared`, all with the same change. Throws if its place is not there exactly once: then the variant has to follow the source. */
export function loadShared(change: Variant | null): (path: string) => Module {
  const changed = change && join(projectRoot, change.file);
  const wrong = change && compile(without(change));
  const loaded = new Map<string, Module>();
  const load = (file: string): Module => {
    const known = loaded.get(file);
    if (known) return known;
    const exported: Module = {};
    loaded.set(file, exported);
    const code = file === changed ? wrong! : (compiled.get(file) ?? compiled.set(file, compile(readFileSync(file, 'utf8'))).get(file)!);
    compileFunction(code, ['exports', 'require'], { filename: file })(exported, (wanted: string) => (wanted.startsWith('.') ? load(resolve(dirname(file), wanted)) : packages(wanted) as unknown));
    return exported;
  };
  return (path) => load(join(projectRoot, path));
}

function without({ name, file, find, put }: Variant): string {
  const parts = readFileSync(join(projectRoot, file), 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`${name}: "${find}" is ${parts.length - 1} times in ${file}; it has to be there once`);
  return parts.join(put);
}

function compile(source: string): string {
  return ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText;
}
