/** What the rest of the program knows of a strategy before a copy of it runs: its name, what people set of it, and how it is judged. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { StrategyId } from '../history/record.ts';
import type { Place } from './place.ts';

export interface StrategyDescriptor<Settings extends object = never> {
  readonly id: StrategyId;
  /** What people call it; columns, tables and sentences use just this. */
  readonly name: string;
  /** What people set of it, for a whole room; null: nothing. Time-outs are not among it: they are the same everywhere. */
  readonly settings: SettingsDescriptor<Settings> | null;
  /** How its copies ask one another before they answer; null: it answers an edit at once. */
  readonly coordination: Coordination<Settings> | null;
}

export interface SettingsDescriptor<Settings extends object> {
  /** Its member in the settings of a room. */
  readonly key: string;
  readonly defaults: object;
  /** How people set it. Names all members of the settings, with the values that they can have. */
  readonly form: readonly SettingsGroup[];
  /** What a preset sets, in words: "R = 1, W = 1, read repair on". */
  words(settings: Settings): string;
  /** What a column's head says of it: "wall clocks"; empty where there is nothing to say. */
  note(settings: Settings, room: MembersOfRoom): string;
}

/** The members of a room, as a window knows them. */
export interface MembersOfRoom {
  readonly self: ReplicaId;
  readonly members: readonly ReplicaId[];
  /** Null while this replica is no member. */
  readonly leader: ReplicaId | null;
}

export interface SettingsGroup {
  /** Null: it has no heading. */
  readonly legend: string | null;
  readonly inputs: readonly SettingsInput[];
}

/** `name`: a member of the settings. `help`: what it leads to. */
export type SettingsInput =
  /** One of several values; those of one name stand together. */
  | { readonly kind: 'choice'; readonly name: string; readonly value: string; readonly label: string; readonly help: string }
  /** One value, or else the other. */
  | { readonly kind: 'switch'; readonly name: string; readonly off: string | boolean; readonly on: string | boolean; readonly label: string; readonly help: string }
  /** A number of replicas, from 1 on. */
  | { readonly kind: 'replicas'; readonly name: string; readonly label: string };

export interface Coordination<Settings extends object> {
  /** Where an outcome's details say that an edit stands; null where they are malformed. `isRolledBack`: they name a place that it has no more. */
  placeOf(details: readonly unknown[], isRolledBack: boolean): Place | null;
  /** Whether all accepted edits that still stand are one chain, or only those that the highest version descends from. */
  readonly chain: 'all-accepted' | 'descent';
  /** Whether copies that missed something catch up by themselves, about once a second. */
  readonly catchesUp: boolean;
  /** Whether a copy that reaches nobody may say yes to an edit. */
  answersAlone(settings: Settings, room: Pick<MembersOfRoom, 'self' | 'leader'>): boolean;
}

/** "local reads on" */
export function onOff(name: string, on: boolean): string {
  return `${name} ${on ? 'on' : 'off'}`;
}
