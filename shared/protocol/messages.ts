/**
 * What our own windows and the relay say to one another beside the y-websocket protocol, on the same socket. A relay sends these only to a session that has said
 * `hello`, so that any other y-websocket client never sees them.
 *
 * One row a message: the codec writes and reads what it says, and PROTOCOL.md is made from it. A new message is a new last row, and whoever handles it.
 */
import { byteArray, channel, flag, instanceName, listField, replicaName, replicas, varUint, vector, type WireField } from './wire-fields.ts';

/** The first number of each of our frames; y-websocket uses 0 (sync), 1 (awareness), 2 (auth) and 3 (query awareness). */
export const rejoinFrame = 64;
export const protocolVersion = 1;

/** The close code of a session whose room was emptied on purpose. A window of ours comes back all the same, to start over. */
export const emptiedCode = 4410;

export interface MessageRow {
  readonly from: 'window' | 'relay' | 'either';
  /** What it says, as PROTOCOL.md tells it. */
  readonly about: string;
  /** In the order in which they are written. */
  readonly fields: Readonly<Record<string, WireField<unknown>>>;
}

/** In the order of their numbers, from 0. */
export const messages = {
  hello: {
    from: 'window',
    about: 'The first of a connection. `instance` names this copy of the replica\'s storage; `summary` is what its journal has.',
    fields: { version: varUint, replica: replicaName, instance: instanceName, summary: vector },
  },
  welcome: {
    from: 'relay',
    about: 'The answer. `epoch` names this life of the room, `discarded` the last lives that people have thrown away; `summary` is what the relay has.',
    fields: { version: varUint, epoch: instanceName, discarded: listField(instanceName), summary: vector },
  },
  records: {
    from: 'either',
    about: 'Encoded records, each replica\'s in the order of their counters.',
    fields: { records: listField(byteArray) },
  },
  saved: {
    from: 'relay',
    about: 'Durably stored. `summary`: records; `yjsFrames`: how many of this connection\'s sync frames that carry an update (step 2 or update), counted from 1 in order.',
    fields: { summary: vector, yjsFrames: varUint },
  },
  roster: {
    from: 'relay',
    about: 'After `welcome` and after each change: who holds copies of the coordinated strategies, in the order in which they became members, and who of all can be reached now. `waiting`: a replica waits to become a member until one of them has said that it has caught up.',
    fields: { members: replicas, present: replicas, waiting: flag },
  },
  'caught-up': {
    from: 'window',
    about: 'What these members decided before is held by enough of them: another one may join.',
    fields: { members: replicas },
  },
  direct: {
    from: 'either',
    about: 'From a window, `peer` is to whom; from the relay, from whom. Passed on and never stored. `roster` is how many members the sender counts.',
    fields: { peer: replicaName, channel, roster: varUint, payload: byteArray },
  },
  again: {
    from: 'relay',
    about: 'Frames of this connection were lost, either way: say `hello` and sync step 1 anew.',
    fields: {},
  },
} as const satisfies Readonly<Record<string, MessageRow>>;

type Messages = typeof messages;
type Values<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends WireField<infer Value> ? Value : never };

export type Message = { [Kind in keyof Messages]: { readonly kind: Kind } & Values<Messages[Kind]['fields']> }[keyof Messages];

export type MessageOf<Kind extends Message['kind']> = Extract<Message, { kind: Kind }>;
