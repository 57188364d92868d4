/** Reads events that are no records from JSON. Throws a RangeError that says what was expected. */
import { z } from 'zod';
import { isReplicaId, parseDot } from '../clocks/dot.ts';
import { fieldValue } from '../document/intent.ts';
import { fieldOf, type FieldId, type FieldValue, type Schema } from '../document/schema.ts';
import { inputText } from '../encoding/input-text.ts';
import { isStrategyId, parseVector } from './record-parts.ts';
import { networkEventKinds, type ReplicaNote, type RoomEvent } from './room-event.ts';

const noteKinds = ['arrived', 'reach', 'settings', 'promote', 'final-read'] as const;

export const roomEventKinds: readonly RoomEvent['kind'][] = [...networkEventKinds, ...noteKinds];

/** Most replicas that an event names. */
const namesMax = 10_000;

const replica = z.string().refine(isReplicaId);
const replicas = z.array(replica).max(namesMax);
const vector = z.record(z.string(), z.number()).transform((raw) => parseVector(raw));
const lastEdit = z.string().refine((key) => key === '' || isDotKey(key)).nullable();
const byStrategy = <Value extends z.ZodType>(value: Value) => z.record(z.string().refine(isStrategyId), z.record(z.string(), value));

const payloads = {
  arrived: z.strictObject({ has: vector, shows: byStrategy(lastEdit) }),
  reach: z.strictObject({ before: replicas, after: replicas }),
  settings: z.record(z.string(), z.unknown()),
  promote: z.null(),
  'final-read': z.strictObject({ shown: byStrategy(z.unknown()), digests: z.record(z.string().refine(isStrategyId), z.string().max(200)) }),
} as const;

const expected = {
  arrived: 'what the replica has, as a version vector, and which edit each changed field shows: {"has":{"A":3},"shows":{"quorum":{"title":"A:3"}}}',
  reach: 'the replicas that it reached before and reaches after: {"before":["A"],"after":["A","B"]}',
  settings: 'the settings as an object',
  promote: 'no payload',
  'final-read': 'what each strategy showed, by field, and digests: {"shown":{"crdt":{"votes":3}},"digests":{"crdt":"…"}}',
} as const;

export function isRoomEventKind(kind: unknown): kind is RoomEvent['kind'] {
  return (roomEventKinds as readonly unknown[]).includes(kind);
}

/** `time` reads a time, and throws where it is none. */
export function parseRoomEvent(schema: Schema, kind: RoomEvent['kind'], value: Readonly<Record<string, unknown>>, time: (value: unknown) => number): RoomEvent {
  const { replica: name = null, payload = null } = value;
  if (name !== null && (typeof name !== 'string' || !isReplicaId(name))) throw new RangeError(`expected a replica's name or none, not ${inputText(name)}`);
  const wallMs = time(value['wallMs']);
  if (!isNoteKind(kind)) return { kind, replica: name, wallMs, payload };
  if ((name === null) !== (kind === 'settings')) throw new RangeError(`expected ${kind === 'settings' ? 'no replica' : 'a replica'} in an event "${kind}"`);
  const parsed = payloads[kind].safeParse(payload);
  if (!parsed.success) throw new RangeError(`expected in an event "${kind}" ${expected[kind]}`);
  const event = { kind, replica: name, wallMs, payload: parsed.data } as RoomEvent;
  if (event.kind === 'final-read') mustBeValues(schema, event.payload.shown);
  if (event.kind === 'arrived') for (const fields of Object.values(event.payload.shows)) for (const field of Object.keys(fields)) fieldOf(schema, field);
  return event;
}

/** A note that a replica window sent. Throws a RangeError. */
export function parseReplicaNote(schema: Schema, value: Readonly<Record<string, unknown>>, time: (value: unknown) => number): ReplicaNote {
  const { kind } = value;
  if (kind !== 'arrived' && kind !== 'reach' && kind !== 'promote') throw new RangeError(`expected a note of a replica (arrived, reach or promote), not ${inputText(kind)}`);
  return parseRoomEvent(schema, kind, value, time) as ReplicaNote;
}

function isNoteKind(kind: RoomEvent['kind']): kind is (typeof noteKinds)[number] {
  return (noteKinds as readonly string[]).includes(kind);
}

function mustBeValues(schema: Schema, byStrategy: Readonly<Record<string, Readonly<Record<FieldId, FieldValue>>>>): void {
  for (const values of Object.values(byStrategy)) for (const [field, value] of Object.entries(values)) fieldValue(fieldOf(schema, field).type, value);
}

function isDotKey(key: string): boolean {
  try {
    return isReplicaId(parseDot(key).replica);
  } catch {
    return false;
  }
}
