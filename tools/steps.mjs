// One line a step on standard error, so that standard output stays free for what a program prints (rejoin run --json).
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export const root = new URL('../', import.meta.url);

/** An error that a person can act on: shown as it is, without a stack. */
export class StepError extends Error {}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one step and prints its line: "build pages … 1.2 s". While it takes long and somebody is watching, a dot a second.
 * The work may return a text that is printed instead of the time ("up to date"). With `beside`, for a step that runs at the same time
 * as others, the line is printed as a whole at the end.
 * @param {string} name
 * @param {() => unknown} work
 */
export async function step(name, work, { beside = false } = {}) {
  const start = `${name} … `;
  if (!beside) process.stderr.write(start);
  /** @param {string} text */
  const end = (text) => say(beside ? start + text : text);
  const started = Date.now();
  const dots = process.stderr.isTTY && !beside ? setInterval(() => process.stderr.write('.'), 1000) : undefined;
  try {
    const outcome = await work();
    end(typeof outcome === 'string' ? outcome : `${((Date.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    end('failed');
    throw error;
  } finally {
    clearInterval(dots);
  }
}

/**
 * What an error says; whatever else was thrown, as text.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Prints what went wrong and ends with code 1: the message alone for a StepError, the stack for anything unforeseen.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  const trace = error instanceof Error ? error.stack : undefined;
  say(error instanceof StepError ? error.message : (trace ?? String(error)));
  process.exit(1);
}

/**
 * Whether this module was started by itself, and not imported.
 * @param {string} moduleUrl
 */
export function isProgram(moduleUrl) {
  return process.argv[1] !== undefined && realUrl(process.argv[1]) === moduleUrl;
}

/** @param {string} path */
function realUrl(path) {
  return pathToFileURL(realpathSync(path)).href;
}
