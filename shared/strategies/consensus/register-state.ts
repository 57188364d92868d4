/**
 * What one register of consensus holds: the field's value, how many edits made it, and which of each replica's latest edits are among them.
 *
 * Guarantees that an edit is applied at most once, however often it is proposed: the names of applied edits travel with the value. A replica's
 * names are pruned by that replica alone, up to the first of its edits whose outcome it has not yet safely noted.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Dot, type DotKey, dotKey, type ReplicaId } from '../../clocks/dot.ts';
import type { Intent } from '../../document/intent.ts';
import type { FieldSpec, FieldValue } from '../../document/schema.ts';
import { readReplicaId } from '../../history/record-codec.ts';
import { changed, initialKey, readKey, readMany, readValue, writeValue } from '../whole-value.ts';
import { vectorEntriesMax } from '../../history/record-parts.ts';

/** Where in the chain of a field's edits an edit stands. */
export interface AppliedEdit {
  readonly counter: number;
  /** The number of edits that made the value, this one included. */
  readonly version: number;
  /** The edit that it was applied after. */
  readonly replaces: DotKey | typeof initialKey;
}

export interface RegisterState {
  readonly value: FieldValue;
  readonly version: number;
  /** The edit that made the value. */
  readonly last: DotKey | typeof initialKey;
  /** By replica, its edits that it may still ask for, in order. */
  readonly applied: ReadonlyMap<ReplicaId, readonly AppliedEdit[]>;
}

export function initialState(field: FieldSpec): RegisterState {
  return { value: field.initial, version: 0, last: initialKey, applied: new Map() };
}

/** Where the edit stands, if it is among those that made the state. Exact for edits that their replica has not let go. */
export function appliedEdit(state: RegisterState, dot: Dot): AppliedEdit | undefined {
  return state.applied.get(dot.replica)?.find((each) => each.counter === dot.counter);
}

export interface ProposedEdit {
  readonly dot: Dot;
  readonly intent: Intent;
}

/** The state after some edits of one replica, one applied after the other, and why those that do not apply are refused. Its replica lets go its own edits before `openFrom`. */
export function withEdits(field: FieldSpec, state: RegisterState, replica: ReplicaId, edits: readonly ProposedEdit[], openFrom: number): { readonly state: RegisterState; readonly refusals: ReadonlyMap<DotKey, string> } {
  const refusals = new Map<DotKey, string>();
  const own = (state.applied.get(replica) ?? []).filter((each) => each.counter >= openFrom);
  let { value, version, last } = state;
  for (const { dot, intent } of edits) {
    const applied = changed(field, value, intent, dotKey(dot));
    if (!applied.ok) {
      refusals.set(dotKey(dot), applied.reason);
      continue;
    }
    own.push({ counter: dot.counter, version: ++version, replaces: last });
    value = applied.value;
    last = dotKey(dot);
  }
  if (version === state.version) return { state, refusals };
  return { state: { value, version, last, applied: new Map(state.applied).set(replica, own) }, refusals };
}

export function writeState(encoder: encoding.Encoder, state: RegisterState): void {
  writeValue(encoder, state.value);
  encoding.writeVarUint(encoder, state.version);
  encoding.writeVarString(encoder, state.last);
  encoding.writeVarUint(encoder, state.applied.size);
  for (const [replica, edits] of state.applied) {
    encoding.writeVarString(encoder, replica);
    encoding.writeVarUint(encoder, edits.length);
    for (const edit of edits) {
      encoding.writeVarUint(encoder, edit.counter);
      encoding.writeVarUint(encoder, edit.version);
      encoding.writeVarString(encoder, edit.replaces);
    }
  }
}

export function readState(decoder: decoding.Decoder, field: FieldSpec): RegisterState {
  const value = readValue(decoder, field);
  const version = decoding.readVarUint(decoder);
  const last = readKey(decoder);
  const applied = readMany(decoder, vectorEntriesMax, (at) => [readReplicaId(at), readMany(at, vectorEntriesMax, readApplied)] as const);
  if ((version === 0) !== (last === initialKey)) throw new RangeError(`version ${version} cannot be made by "${last}"`);
  return { value, version, last, applied: new Map(applied) };
}

function readApplied(decoder: decoding.Decoder): AppliedEdit {
  return { counter: decoding.readVarUint(decoder), version: decoding.readVarUint(decoder), replaces: readKey(decoder) };
}
