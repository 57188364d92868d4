/** A document of Yjs as it was saved: what it has, what of it is deleted, and what waits. */
import type * as Y from 'yjs';
import { UnreadableInput } from '../../encoding/unreadable-input.ts';
import { type ClockRange, ClockRanges } from './clock-ranges.ts';
import { type Run, runFrom, runOf } from './content-run.ts';
import { decodeAnyUpdate, sound, type UpdateFormat, type UpdateLimits, updateLimits } from '../../document/decoded-update.ts';
import { applicable, type Wait } from './waiting-edits.ts';

export interface SavedDocument {
  readonly format: UpdateFormat;
  /** Each client's, in the order of their clocks, none overlapping. */
  readonly runs: ReadonlyMap<number, readonly Run[]>;
  /** All units, those that wait included. */
  readonly present: ClockRanges;
  /** All units that are deleted, those included that it does not have. */
  readonly deleted: ClockRanges;
  /** Units that are deleted and of which nothing but the length is left. */
  readonly emptied: ClockRanges;
  /** What Yjs can apply: for each client how many units. */
  readonly stateVector: ReadonlyMap<number, number>;
  readonly waits: readonly Wait[];
  /** Deletions of units that cannot be applied, or are not there. */
  readonly waitingDeletions: ClockRanges;
}

/** Reads an update of Yjs, of either format. Throws an UnreadableInput of one line for anything else, and for more than `limits`. */
export function readSavedDocument(bytes: Uint8Array, limits: UpdateLimits = updateLimits): SavedDocument {
  const { structs, ds, format } = decodeAnyUpdate(bytes, limits);
  const runs = sound(() => runsOf(structs));
  const { stateVector, waits } = applicable(runs);
  const all = [...runs.values()].flat();
  const emptied = ClockRanges.of(all.filter(({ content: { kind } }) => kind === 'collected' || kind === 'deleted'));
  const told = ClockRanges.of(deletionsOf(ds));
  const applied = ClockRanges.of([...stateVector].map(([client, length]) => ({ client, clock: 0, length })));
  return {
    format, runs, stateVector, waits, emptied,
    present: ClockRanges.of(all),
    deleted: ClockRanges.of([...told.list(), ...emptied.list()]),
    waitingDeletions: told.minus(applied),
  };
}

function runsOf(structs: Iterable<Y.Item | Y.GC | Y.Skip>): Map<number, Run[]> {
  const runs = new Map<number, Run[]>();
  for (const struct of structs) {
    const run = runOf(struct);
    if (!run) continue;
    mustBeWhole(run.client, run.clock, run.length);
    for (const unit of [run.place?.left, run.place?.right, run.place?.parent]) if (typeof unit === 'object' && unit !== null) mustBeWhole(unit.client, unit.clock, 1);
    if (run.length === 0) continue;
    const own = runs.get(run.client);
    if (own) own.push(run);
    else runs.set(run.client, [run]);
  }
  for (const [client, own] of runs) runs.set(client, withoutOverlaps(own));
  return runs;
}

/** Yjs takes of what comes twice the first. */
function withoutOverlaps(runs: Run[]): Run[] {
  runs.sort((a, b) => a.clock - b.clock);
  let end = 0;
  const out: Run[] = [];
  for (const run of runs) {
    if (run.clock + run.length <= end) continue;
    out.push(runFrom(run, Math.max(run.clock, end)));
    end = run.clock + run.length;
  }
  return out;
}

function* deletionsOf(ds: { readonly clients: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]> }): Generator<ClockRange> {
  for (const [client, own] of ds.clients) {
    for (const { clock, len } of own) {
      mustBeWhole(client, clock, len);
      yield { client, clock, length: len };
    }
  }
}

function mustBeWhole(client: number, clock: number, length: number): void {
  const isWhole = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;
  if (!isWhole(client) || !isWhole(clock) || !isWhole(length) || !isWhole(clock + length)) throw new UnreadableInput('expected an update of Yjs with clients and clocks from 0 up; one is out of range');
}
