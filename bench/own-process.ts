/** Parts of a benchmark in processes of their own, so that none finds the memory, or the compiled code, that another one left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figures } from './figures.ts';

/** After so long a part is ended, in milliseconds. */
const patienceMs = 90_000;
const mark = '--part';

/** The words after --part, where this process is to measure a part; else null. */
export function askedPart(): readonly string[] | null {
  return process.argv[2] === mark ? process.argv.slice(3) : null;
}

export function answerPart(figures: Figures): void {
  process.stdout.write(JSON.stringify(figures));
}

/** Measures a part several times, one after the other; of each figure the median, of two the lower one. Others may be using the machine: that only adds time. */
export async function medianOfRuns(part: readonly string[], runs: number): Promise<Figures> {
  const all: Figures[] = [];
  for (let left = runs; left > 0; left--) all.push(await inOwnProcess(part));
  const names = [...new Set(all.flatMap((figures) => Object.keys(figures)))];
  return Object.fromEntries(names.map((name) => {
    const values = all.flatMap((figures) => figures[name] ?? []).sort((a, b) => a - b);
    return [name, values[(values.length - 1) >> 1]!];
  }));
}

async function inOwnProcess(part: readonly string[]): Promise<Figures> {
  const child = start(part, ['ignore', 'pipe', 'inherit']);
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await ended(child, part);
  return JSON.parse(said) as Figures;
}

function start(part: readonly string[], stdio: ('ignore' | 'pipe' | 'inherit' | 'ipc')[], { core, patience = patienceMs, program = fileURLToPath(import.meta.url) }: ProcessOptions = {}): ChildProcess {
  const words = [process.execPath, '--expose-gc', program, mark, ...part];
  const [command, ...rest] = core === undefined ? words : ['taskset', '-c', String(core), ...words];
  return spawn(command!, rest, { stdio, timeout: patience, killSignal: 'SIGKILL' });
}

/** When all that it said is here; with a channel, which Node does not count as closed when it was closed here, when it has ended. */
function ended(child: ChildProcess, part: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on(child.channel ? 'exit' : 'close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`the part "${part.join(' ')}" ended with ${signal ?? code}`))));
  });
}

interface Request {
  readonly number: number;
  readonly what: string;
  readonly words: readonly (string | number)[];
}

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly trouble?: string;
}

export interface ProcessOptions {
  /** The processor core that it is kept on; default: none. */
  readonly core?: number;
  /** After so long it is ended, in milliseconds. */
  readonly patience?: number;
  /** The file of the bundle; default: this one, in which all is. */
  readonly program?: string;
}

/** A process that answers requests until it is ended. */
export function requestsTo(part: readonly string[], options?: ProcessOptions): { ask<Value>(what: string, ...words: (string | number)[]): Promise<Value>; end(): Promise<void> } {
  const child = start(part, ['ignore', 'inherit', 'inherit', 'ipc'], options);
  const over = ended(child, part);
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  child.on('message', ({ number, value, trouble }: Answer) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (trouble === undefined) one?.resolve(value);
    else one?.reject(new Error(trouble));
  });
  over.catch((error: Error) => waiting.forEach((one) => one.reject(error)));
  let asked = 0;
  return {
    ask: <Value>(what: string, ...words: (string | number)[]) => new Promise<Value>((resolve, reject) => {
      waiting.set(++asked, { resolve: (value) => resolve(value as Value), reject });
      child.send({ number: asked, what, words } satisfies Request);
    }),
    async end() {
      if (child.connected) child.disconnect();
      await over;
    },
  };
}

/** Answers until whoever asks has gone. */
export function answerRequests(answers: Readonly<Record<string, (...words: (string | number)[]) => Promise<unknown>>>): Promise<void> {
  process.on('message', ({ number, what, words }: Request) => {
    const answer = answers[what]!(...words);
    void answer.then((value): Answer => ({ number, value }), (error: unknown): Answer => ({ number, trouble: String(error) })).then((message) => process.send!(message));
  });
  return new Promise((resolve) => process.once('disconnect', resolve));
}
