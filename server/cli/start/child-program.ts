/** A program with windows that we started and must end: it and everything that it started in turn. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface ChildEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** The end of what it wrote to standard error. */
  readonly said: string;
}

/** How long a program may take to end by itself, in milliseconds. */
const patienceMs = 3_000;

export class ChildProgram {
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;
  private over = false;

  /** Starts it; a program that cannot be started ends at once with code 127. */
  constructor(executable: string, words: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
    // A group of its own, so that Ctrl-C in the terminal comes to us alone and we end windows and relay in order. Its standard input
    // is a pipe that closes with us: our Electron windows go when it does, even if we are killed.
    this.child = spawn(executable, [...words], { stdio: ['pipe', 'ignore', 'pipe'], detached: process.platform !== 'win32', env: environment });
    let said = '';
    this.child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
    this.child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: 127, said: error.message }));
      this.child.once('exit', (code) => resolve({ code, said }));
    });
    void this.ended.then(() => (this.over = true));
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** Asks it to end, and makes it end if it does not. */
  async end(): Promise<void> {
    if (this.over) return;
    this.signal('SIGTERM');
    const late = setTimeout(() => this.kill(), patienceMs);
    await this.ended;
    clearTimeout(late);
  }

  /** Ends it at once, with all that it started. */
  kill(): void {
    if (!this.over) this.signal('SIGKILL');
  }

  private signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/pid', String(pid), '/T', ...(signal === 'SIGKILL' ? ['/F'] : [])], { stdio: 'ignore' });
      return;
    }
    try {
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch {
      // It ended in this moment.
    }
  }
}
