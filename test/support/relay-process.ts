/** Starts relays as processes of their own: to be killed, to be measured, and to be attacked without harm to the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabOptions } from '../../server/control/lab.ts';
import { bundleProgram, programFolder } from './bundled-program.ts';

export interface ProgramOptions {
  /** Folder of its LevelDB; without one it keeps all in memory. */
  readonly folder?: string;
  readonly lab?: Omit<LabOptions, 'store' | 'report' | 'clock' | 'scorecard' | 'tls'>;
}

export interface RelayQuestion {
  readonly number: number;
  readonly what: 'state' | 'lines' | 'stall' | 'rooms' | 'memory';
  readonly room: string;
}

/** All of a room that a bad frame must leave as it was. */
export interface RelayState {
  /** Hexadecimal. */
  readonly document: string;
  readonly records: readonly string[];
  /** Of each island, hexadecimal. */
  readonly awareness: readonly string[];
  readonly members: readonly string[];
}

export interface RelayMemory {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

export class RelayProcess {
  private asked = 0;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;

  private constructor(private readonly child: ChildProcess, readonly url: string) {
    child.on('message', ({ number, value, trouble }: { number: number; value?: unknown; trouble?: string }) => {
      const one = this.waiting.get(number);
      this.waiting.delete(number);
      if (trouble === undefined) one?.resolve(value);
      else one?.reject(new Error(trouble));
    });
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(`the relay ended with ${signal ?? code}`)));
    void this.ended.then((how) => this.waiting.forEach((one) => one.reject(new Error(how))));
  }

  static async start(program: RelayProgram, options: ProgramOptions = {}, env: NodeJS.ProcessEnv = {}): Promise<RelayProcess> {
    const child = spawn(process.execPath, ['--expose-gc', program.file, JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'], env: { ...process.env, ...env } });
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message: { url: string }) => resolve(message.url));
      child.once('exit', () => reject(new Error(`the relay did not start: ${said}`)));
    });
    return new RelayProcess(child, url);
  }

  get ws(): string {
    return this.url.replace('http', 'ws');
  }

  get pid(): number {
    return this.child.pid!;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get isUp(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  state(room: string): Promise<RelayState> {
    return this.ask('state', room);
  }

  /** What it reported. */
  lines(): Promise<string[]> {
    return this.ask('lines');
  }

  /** The longest stall of its event loop since this was asked last, in milliseconds of its own computing. */
  longestStallMs(): Promise<number> {
    return this.ask('stall');
  }

  rooms(): Promise<string[]> {
    return this.ask('rooms');
  }

  /** In bytes, after a garbage collection. */
  memory(): Promise<RelayMemory> {
    return this.ask('memory');
  }

  /** As the system's out-of-memory killer or a power cut would. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private ask<Value>(what: RelayQuestion['what'], room = ''): Promise<Value> {
    if (!this.isUp) return Promise.reject(new Error('the relay has ended'));
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.asked, { resolve: (value) => resolve(value as Value), reject });
      this.child.send({ number: this.asked, what, room } satisfies RelayQuestion);
    });
  }
}

/** The relay's program in one file. */
export interface RelayProgram {
  readonly file: string;
  remove(): Promise<void>;
}

export async function buildRelayProgram(): Promise<RelayProgram> {
  const folder = await programFolder('rejoin-relay');
  const file = join(folder, 'relay.mjs');
  await bundleProgram('test/support/relay-program.ts', file);
  await bundleProgram('server/control/analysis/analysis-worker.ts', join(folder, 'analysis-worker.mjs'));
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
