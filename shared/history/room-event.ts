/**
 * Events of a history that are no records: what happened to the network, the programs and the settings, and what replicas noted of what arrived and whom they
 * reached. They have no dot: no edit depends on one, no strategy learns from one, and they never travel with edits.
 *
 * Times are true times: wall clocks without the skew that was set for them. Design: 3-semantics, "History".
 */
import type { DotKey, ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, FieldValue } from '../document/schema.ts';
import type { StrategyId } from './record.ts';

export type NetworkEventKind = 'send' | 'receive' | 'online' | 'offline' | 'island' | 'fault' | 'crash' | 'restart';

export const networkEventKinds: readonly NetworkEventKind[] = ['send', 'receive', 'online', 'offline', 'island', 'fault', 'crash', 'restart'];

interface Noted {
  /** In milliseconds since the Unix epoch, or since the run began. */
  readonly wallMs: number;
}

/** What happened to the network or to a replica. */
export interface NetworkEvent extends Noted {
  readonly kind: NetworkEventKind;
  /** Null where it is about no single replica. */
  readonly replica: ReplicaId | null;
  /** What JSON can say; null for nothing. */
  readonly payload: unknown;
}

/** By strategy and field: the edit whose value is shown, '' for the initial value, null where no single edit made it. */
export type ShownEdits = Readonly<Partial<Record<StrategyId, Readonly<Record<FieldId, DotKey | '' | null>>>>>;

/** What a replica has now, after something was made there or arrived, and what the fields show whose values changed. */
export interface ArrivedEvent extends Noted {
  readonly kind: 'arrived';
  readonly replica: ReplicaId;
  readonly payload: { readonly has: VersionVector; readonly shows: ShownEdits };
}

/** Whom a replica reached, itself included, and whom it reaches from now on. */
export interface ReachEvent extends Noted {
  readonly kind: 'reach';
  readonly replica: ReplicaId;
  readonly payload: { readonly before: readonly ReplicaId[]; readonly after: readonly ReplicaId[] };
}

/** The settings that hold from now on at all replicas. */
export interface SettingsEvent extends Noted {
  readonly kind: 'settings';
  readonly replica: null;
  /** The room's settings, as JSON. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A person made this replica the leader, or tried to. */
export interface PromoteEvent extends Noted {
  readonly kind: 'promote';
  readonly replica: ReplicaId;
  readonly payload: null;
}

/** What a replica was read to show when all was delivered: the fields that verdicts judge, by strategy, and a digest of the whole document. */
export interface FinalReadEvent extends Noted {
  readonly kind: 'final-read';
  readonly replica: ReplicaId;
  readonly payload: { readonly shown: FinalValues; readonly digests: Readonly<Partial<Record<StrategyId, string>>> };
}

export type FinalValues = Readonly<Partial<Record<StrategyId, Readonly<Record<FieldId, FieldValue>>>>>;

export type RoomEvent = NetworkEvent | ArrivedEvent | ReachEvent | SettingsEvent | PromoteEvent | FinalReadEvent;

/** What a replica itself notes. */
export type ReplicaNote = ArrivedEvent | ReachEvent | PromoteEvent;
