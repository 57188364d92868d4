/** A screen for desktop windows: this person's own, or a virtual one that is started and ended with the tests. */
import { spawn } from 'node:child_process';

export interface Screen {
  /** Variables to start a program with, so that its windows appear here. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface ScreenOptions {
  /** Size of a virtual screen in pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** Opens a screen of the kind that REJOIN_SCREEN says: "virtual" starts an Xvfb on a free display number; "own" uses what is there. */
export async function openScreen({ width = 1920, height = 1080 }: ScreenOptions = {}): Promise<Screen> {
  if (process.env['REJOIN_SCREEN'] !== 'virtual') return { environment: {}, close: async () => {} };
  // Xvfb chooses a free number itself and writes it to file descriptor 3.
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const number = await new Promise<string>((resolve, reject) => {
    let written = '';
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      if (written.includes('\n')) resolve(written.trim());
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Xvfb ended (code ${code}): ${complaint.trim()}`)));
  });
  return {
    environment: { DISPLAY: `:${number}` },
    async close() {
      child.kill();
      await gone;
    },
  };
}
