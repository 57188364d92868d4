/** Ends this program when the one that started it has gone, so that no window outlives its lab. */
import { fstatSync } from 'node:fs';

/** Time between two looks at who the parent is, in milliseconds. */
const lookEveryMs = 1000;

/**
 * Calls `gone` once when the parent has ended: its IPC channel closes, the pipe that it gave as standard input ends, or (not on Windows)
 * another process has become the parent. A terminal or an empty standard input says nothing and is left alone.
 */
export function watchParent(gone: () => void): void {
  let told = false;
  const tell = () => {
    if (!told) gone();
    told = true;
  };
  process.once('disconnect', tell);
  if (standardInputIsPipe()) {
    process.stdin.once('end', tell).once('error', tell).resume();
  }
  const parent = process.ppid;
  if (process.platform !== 'win32') setInterval(() => process.ppid !== parent && tell(), lookEveryMs).unref();
}

function standardInputIsPipe(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isSocket();
  } catch {
    return false;
  }
}
