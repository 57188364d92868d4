// Between npm and a script of package.json stands a shell, which does not pass signals on: whoever ends npm alone (a process manager,
// a test) would leave the lab running. So a program that npm started ends when the shell or npm has gone.
import { readFileSync } from 'node:fs';

/** Time between two looks, in milliseconds. */
const lookEveryMs = 500;

/** Sends this process SIGTERM when npm, which started it, has ended. Does nothing for a program that npm did not start, or on Windows. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const before = forebears();
  const watch = setInterval(() => {
    if (forebears() === before) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  watch.unref();
}

/** The shell and, where the system tells it (Linux), the shell's own parent: npm. */
function forebears() {
  const shell = process.ppid;
  if (process.platform !== 'linux') return String(shell);
  try {
    // "PID (NAME) STATE PPID …"; a name may hold anything.
    const state = readFileSync(`/proc/${shell}/stat`, 'utf8');
    return `${shell} ${state.slice(state.lastIndexOf(') ') + 2).split(' ')[1]}`;
  } catch {
    return String(shell);
  }
}
