/**
 * Marks of edits that have not come through: the replica noted that it shows them, but the history does not
 * have them yet. Field and time are known, and no more.
 *
 * Not told of: edits that no field showed when they were made, and those of a replica where only the CRDT
 * runs, which names no edit.
 */
import type { VersionVector } from '../../clocks/version-vector.ts';
import { type DotKey, parseDot, type ReplicaId } from '../../clocks/dot.ts';
import type { FieldSpec, Schema } from '../../document/schema.ts';
import { runPauseMs } from '../../history/actions.ts';
import type { ArrivedEvent, RoomEvent } from '../../history/room-event.ts';
import { getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { MadeMark } from './marks.ts';

interface WaitingEdit {
  readonly key: DotKey;
  readonly counter: number;
  readonly field: FieldSpec;
  readonly ms: number;
  readonly has: VersionVector;
}

/**
 * `known`: all that the history has; `strategies`: how many letters a mark has; `events` in the order of
 * time.
 */
export function* waitingMarks(
  schema: Schema,
  lanes: readonly ReplicaId[],
  known: VersionVector,
  strategies: number,
  events: readonly RoomEvent[],
): Sliced<MadeMark[]> {
  const waiting = new Map<ReplicaId, Map<number, WaitingEdit>>();
  yield* eachOf(events, (event) => {
    if (event.kind !== 'arrived' || event.payload.has.get(event.replica) <= known.get(event.replica)) return;
    for (const edit of newEdits(schema, event, known)) {
      const ofReplica = getOrMake(waiting, event.replica, () => new Map<number, WaitingEdit>());
      if (!ofReplica.has(edit.counter)) ofReplica.set(edit.counter, edit);
    }
  });
  return [...waiting].flatMap(([replica, edits]) =>
    runsOf([...edits.values()].sort((a, b) => a.counter - b.counter)).map((run) =>
      markOf(replica, run, lanes, strategies),
    ),
  );
}

/** Its own edits that the note names for the first time or again. */
function newEdits(
  schema: Schema,
  { replica, wallMs, payload: { has, shows } }: ArrivedEvent,
  known: VersionVector,
): WaitingEdit[] {
  return Object.values(shows).flatMap((fields) =>
    Object.entries(fields).flatMap(([id, key]) => {
      const dot = key ? parseDot(key) : null;
      const field = schema.find((each) => each.id === id);
      if (!key || !field || dot?.replica !== replica || dot.counter <= known.get(replica)) return [];
      return [{ key, counter: dot.counter, field, ms: wallMs, has }];
    }),
  );
}

/** Typing without a longer pause, and nothing else between. */
function runsOf(edits: readonly WaitingEdit[]): WaitingEdit[][] {
  const runs: WaitingEdit[][] = [];
  for (const edit of edits) {
    const last = runs.at(-1)?.at(-1);
    if (last && edit.field.type === 'text' && last.field === edit.field && edit.ms - last.ms <= runPauseMs)
      runs.at(-1)!.push(edit);
    else runs.push([edit]);
  }
  return runs;
}

function markOf(
  replica: ReplicaId,
  run: readonly WaitingEdit[],
  lanes: readonly ReplicaId[],
  strategies: number,
): MadeMark {
  const [first, last] = [run[0]!, run.at(-1)!];
  const toMs = Math.max(first.ms, last.ms);
  return {
    key: first.key,
    isHere: false,
    lane: lanes.indexOf(replica),
    fromMs: first.ms,
    toMs,
    kind: first.field.type,
    field: first.field.label,
    text: 'has not come through yet',
    dots: '',
    numbers: [0, 0],
    clock: '',
    first: first.counter,
    last: last.counter,
    seen: lanes.map((each) => (each === replica ? first.counter - 1 : first.has.get(each))),
    arrivedMs: lanes.map((each) => (each === replica ? toMs : null)),
    fates: 'p'.repeat(strategies),
    reasons: {},
  };
}
