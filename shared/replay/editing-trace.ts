/**
 * A recorded session of people typing into one text, in the concurrent format of the editing-traces collection (Joseph Gentle and others,
 * github.com/josephg/editing-traces): transactions that name the transactions they were made after, each with patches [position, deleted, inserted].
 *
 * Guarantees: every number and text is checked; parents come before their children, so there are no cycles. Positions count Unicode code points, and only
 * whoever carries the patches out can tell whether they lie within the text.
 */
import { inputText } from '../encoding/input-text.ts';
import { NotJson, parsePlainJson } from '../encoding/plain-json.ts';
import { UnreadableInput } from '../encoding/unreadable-input.ts';

/** What one person did to the text: at a position, in code points, that many are deleted, and then a text is inserted. */
export interface Patch {
  readonly position: number;
  readonly deleted: number;
  readonly inserted: string;
}

export interface TraceTransaction {
  /** Indexes of earlier transactions, in ascending order. */
  readonly parents: readonly number[];
  readonly agent: number;
  /** In milliseconds since the Unix epoch; null where the recording does not say. */
  readonly timeMs: number | null;
  /** Carried out one after the other. */
  readonly patches: readonly Patch[];
}

export interface EditingTrace {
  readonly endContent: string;
  readonly agents: number;
  readonly transactions: readonly TraceTransaction[];
}

/** Limits of a trace: most agents, patches, parents of one transaction, and characters that one patch deletes or (in UTF-16 code units) inserts. */
export const traceLimits = { agents: 10_000, patches: 1_000_000, parents: 1_000, deleted: 200_000, inserted: 200_000 } as const;

/** Arrays of patches of transactions of the trace. */
const depthMax = 6;

/** Reads a trace. Throws an UnreadableInput that says which transaction is wrong, counted from 0 as parents count them. */
export function parseEditingTrace(text: string): EditingTrace {
  try {
    return traceOf(parsePlainJson(text, depthMax));
  } catch (error) {
    const expected = 'expected an editing trace {"kind":"concurrent","endContent":…,"numAgents":…,"txns":[…]}';
    if (error instanceof NotJson) throw new UnreadableInput(`${expected}, not ${error.message}`, error.line);
    if (error instanceof RangeError) throw new UnreadableInput(`${expected}: ${error.message}`);
    throw error;
  }
}

function traceOf(value: unknown): EditingTrace {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`it is ${inputText(value)}`);
  const { kind, endContent, numAgents, txns } = value as Record<string, unknown>;
  if (kind !== 'concurrent') throw new RangeError(`its kind is ${inputText(kind)}`);
  if (typeof endContent !== 'string') throw new RangeError(`endContent is a text, not ${inputText(endContent)}`);
  const agents = whole(numAgents, 'numAgents', 0, traceLimits.agents);
  if (!Array.isArray(txns)) throw new RangeError(`txns is a list, not ${inputText(txns)}`);
  let patches = 0;
  const transactions = txns.map((each: unknown, index) => {
    try {
      const transaction = transactionOf(each, index, agents);
      patches += transaction.patches.length;
      if (patches > traceLimits.patches) throw new RangeError(`there are more than ${traceLimits.patches} patches`);
      return transaction;
    } catch (error) {
      throw error instanceof RangeError ? new RangeError(`transaction ${index}: ${error.message}`) : error;
    }
  });
  return { endContent, agents, transactions };
}

function transactionOf(value: unknown, index: number, agents: number): TraceTransaction {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`it is ${inputText(value)}, not an object`);
  const { parents, agent, time, patches } = value as Record<string, unknown>;
  if (!Array.isArray(patches)) throw new RangeError(`patches is a list, not ${inputText(patches)}`);
  return { parents: parentsOf(parents, index), agent: whole(agent, 'agent', 0, agents - 1), timeMs: timeMsOf(time), patches: patches.map(patchOf) };
}

function parentsOf(value: unknown, index: number): number[] {
  if (!Array.isArray(value) || value.length > traceLimits.parents) throw new RangeError(`parents is a list of at most ${traceLimits.parents}, not ${inputText(value)}`);
  const parents = value.map((parent: unknown) => {
    const number = whole(parent, 'a parent', 0, Number.MAX_SAFE_INTEGER);
    if (number >= index) throw new RangeError(`its parent ${number} does not come before it`);
    return number;
  });
  if (new Set(parents).size !== parents.length) throw new RangeError('it names a parent twice');
  return parents.sort((a, b) => a - b);
}

/** The collection writes ISO 8601; a number counts milliseconds since the Unix epoch. */
function timeMsOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const ms = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof ms !== 'number' || !(Math.abs(ms) <= 8.64e15)) throw new RangeError(`time is a date such as "2026-01-31T12:00:00Z", not ${inputText(value)}`);
  return ms;
}

function patchOf(value: unknown): Patch {
  const [position, deleted, inserted] = Array.isArray(value) && value.length === 3 ? (value as unknown[]) : [];
  if (typeof inserted !== 'string') throw new RangeError(`a patch is [position, number of deleted characters, inserted text], not ${inputText(value)}`);
  if (inserted.length > traceLimits.inserted) throw new RangeError(`a patch inserts ${inserted.length} characters; ${traceLimits.inserted} is the most`);
  if (/\p{Surrogate}/u.test(inserted)) throw new RangeError('a patch inserts half a character');
  return { position: whole(position, 'a position', 0, Number.MAX_SAFE_INTEGER), deleted: whole(deleted, 'a number of deleted characters', 0, traceLimits.deleted), inserted };
}

function whole(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(`${what} is a whole number ${max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`}, not ${inputText(value)}`);
  return value;
}
