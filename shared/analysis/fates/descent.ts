/**
 * The chain of a quorum: the value is the accepted write of the highest version; [QUO12] an accepted edit is lost iff it is not among those
 * that this write descends from, read from the writes that each replaced.
 *
 * Where the descent meets a write whose maker has not said what it replaced, nobody knows what lies behind it: older accepted edits are unknown then,
 * not lost. A write of which its maker could not say whether it happened did happen if an accepted one descends from it.
 */
import type { DotKey } from '../../clocks/dot.ts';
import type { EditRecord } from '../../history/record.ts';
import { firstIndex } from '../concurrency.ts';
import { comparePlaces, type Place } from '../../strategies/place.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { builtOn, type FieldChain, type FieldEdits, type CoordinatedEdit } from './coordinated-fates.ts';
import { stepsInSlice } from './write-tree.ts';

interface Write {
  readonly record: EditRecord;
  readonly place: Place;
}

/** The write of the highest version, and those that it descends from. */
export function* descentOf(edits: FieldEdits): Sliced<FieldChain> {
  const lineage: Write[] = [];
  /** The write whose maker did not say what it replaced; null where the descent reaches the initial value. */
  let gap: DotKey | null = null;
  for (let at = yield* tipOf(edits); at; ) {
    if (lineage.push(at) % stepsInSlice === 0) yield;
    const { replaces } = at.place;
    const before = writeOf(edits.get(replaces));
    // Versions grow along every descent; what somebody says otherwise would lead in circles.
    const known: Write | undefined = before && comparePlaces(before.place, at.place) < 0 ? before : undefined;
    if (!known && replaces !== '') gap = replaces;
    at = known;
  }
  lineage.reverse();
  const oldest = lineage[0];
  const behind = oldest && builtOn(edits, oldest.place);
  return {
    writes: [...(gap !== null && behind ? [behind] : []), ...lineage.map(({ record }) => record)],
    doubt: (place) => (gap !== null && oldest && comparePlaces(place, oldest.place) < 0 ? `it is not known what ${gap} was applied to` : null),
    lossOf: (place) => {
      const winner = lineage[firstIndex(lineage, (write) => comparePlaces(write.place, place) > 0)];
      return { reason: 'version', ...(winner ? { cause: winner.record.dot } : {}) };
    },
  };
}

/** The accepted write of the highest version. */
function* tipOf(edits: FieldEdits): Sliced<Write | undefined> {
  let tip: Write | undefined;
  yield* eachOf([...edits.values()], ({ record, ending }) => {
    const place = ending?.places.at(-1);
    if (place && (!tip || comparePlaces(place, tip.place) > 0)) tip = { record, place };
  });
  return tip;
}

/** A write whose version is known, be it accepted or not. */
function writeOf(edit: CoordinatedEdit | undefined): Write | undefined {
  const { ending } = edit ?? {};
  const place = ending?.places.at(-1) ?? (ending?.refusal === null ? ending.unknown?.place : undefined);
  return edit && place ? { record: edit.record, place } : undefined;
}
