/** The command `rejoin`, bundled as it is published, as a process of its own. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bundleProgram, programFolder } from './bundled-program.ts';

export interface BuiltCommand {
  /** The program's file. */
  readonly program: string;
  /** Runs it to its end. */
  run(words: readonly string[], options?: { readonly nodeOptions?: readonly string[]; readonly environment?: Record<string, string>; /** Where it runs. Default: where the tests do. */ readonly folder?: string; /** What it reads from standard input. */ readonly input?: Uint8Array }): Promise<Ended>;
  remove(): Promise<void>;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export async function buildCommand(): Promise<BuiltCommand> {
  const folder = await programFolder('rejoin-built');
  const program = join(folder, 'rejoin.mjs');
  // The workers are threads that rejoin starts.
  for (const source of ['cli/rejoin', 'cli/run/random-worker', 'control/analysis/analysis-worker']) await bundleProgram(`server/${source}.ts`, join(folder, `${basename(source)}.mjs`));
  return {
    program,
    run: (words, { nodeOptions = [], environment = {}, folder: cwd, input } = {}) => ended([...nodeOptions, program, ...words], environment, cwd, input),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function ended(words: readonly string[], environment: Record<string, string>, cwd: string | undefined, input: Uint8Array | undefined): Promise<Ended> {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'], cwd, env: { ...process.env, ...environment } });
  child.stdin.on('error', () => {}).end(input);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve({ code, out, err })));
}
