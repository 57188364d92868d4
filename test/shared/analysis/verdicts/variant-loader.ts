/** Runs the checkers from their source with one place of it changed. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { projectRoot } from '../../../tidy/source-files.ts';
import type { Checkers } from './agreement.ts';
import type { BrokenVariant } from './broken-variants.ts';

const folder = join(projectRoot, 'shared/analysis/verdicts');
const compiled = new Map<string, string>();

/** Throws if the place is not there exactly once: then the variant has to follow the source. */
export function loadVariant(variant: BrokenVariant): Checkers {
  const changed = join(folder, variant.file);
  const source = readFileSync(changed, 'utf8');
  const parts = source.split(variant.right);
  if (parts.length !== 2) throw new Error(`"${variant.right}" occurs ${parts.length - 1} times in ${variant.file}; it has to be there once`);
  const wrong = compile(parts.join(variant.wrong));
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (file: string): Record<string, unknown> => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const exported: Record<string, unknown> = {};
    loaded.set(file, exported);
    const code = file === changed ? wrong : (compiled.get(file) ?? compiled.set(file, compile(readFileSync(file, 'utf8'))).get(file)!);
    compileFunction(code, ['exports', 'require'], { filename: file })(exported, (wanted: string) => load(resolve(dirname(file), wanted)));
    return exported;
  };
  const from = (file: string): Record<string, unknown> => load(join(folder, file));
  return {
    linearizable: from('linearizable.ts')['linearizable'],
    sequential: from('sequential.ts')['sequential'],
    causal: from('causal.ts')['causal'],
    sessionGuarantees: from('session-guarantees.ts'),
    counterOf: from('specification.ts')['counterOf'],
    stockOf: from('specification.ts')['stockOf'],
  } as unknown as Checkers;
}

function compile(source: string): string {
  return ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText;
}
