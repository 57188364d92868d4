/**
 * The strategies, in the order of their columns. A new one is a folder, its id in history/record.ts, a line here and a line in strategy-set.ts.
 * Pages that run no strategies read this, too: descriptors import no copies.
 */
import type { StrategyId } from '../history/record.ts';
import { consensusDescriptor } from './consensus/descriptor.ts';
import { lastWriterWinsDescriptor } from './last-writer-wins/descriptor.ts';
import { quorumDescriptor } from './quorum/descriptor.ts';
import { siblingsDescriptor } from './siblings/descriptor.ts';
import { singleLeaderDescriptor } from './single-leader/descriptor.ts';
import type { Coordination, MembersOfRoom, SettingsDescriptor, StrategyDescriptor } from './strategy-descriptor.ts';
import { crdtDescriptor } from './yjs/descriptor.ts';

const registry = [
  crdtDescriptor,
  lastWriterWinsDescriptor,
  siblingsDescriptor,
  quorumDescriptor,
  consensusDescriptor,
  singleLeaderDescriptor,
] as const;

type Registered = (typeof registry)[number];
type WithSettings = Extract<Registered, { readonly settings: object }>;

/** What people set of the strategies, for a whole room. */
export type StrategySettings = { readonly [Each in WithSettings as Each['settings']['key']]: Each['settings']['defaults'] };

/** The strategies whose copies ask one another. */
export type CoordinatedId = Extract<Registered, { readonly coordination: object }>['id'];

const descriptors: readonly StrategyDescriptor[] = registry;
const byId = new Map(descriptors.map((each) => [each.id, each]));

function descriptorOf(strategy: StrategyId): StrategyDescriptor {
  return byId.get(strategy)!;
}

/** What people call each strategy. */
export const strategyNames = Object.fromEntries(registry.map(({ id, name }) => [id, name])) as Readonly<Record<StrategyId, string>>;

export const coordinatedIds = registry.flatMap((each) => (each.coordination === null ? [] : each.id)) as readonly CoordinatedId[];

export function isCoordinated(strategy: StrategyId): strategy is CoordinatedId {
  return descriptorOf(strategy).coordination !== null;
}

export function coordinationOf(strategy: CoordinatedId): Coordination<never> {
  return descriptorOf(strategy).coordination!;
}

/** Each strategy that people set something of. */
export const settingsDescriptors = registry.flatMap(({ id, name, settings }) => (settings === null ? [] : { strategy: id, name, settings }));

export const defaultStrategySettings = Object.fromEntries(settingsDescriptors.map(({ settings: { key, defaults } }) => [key, defaults])) as StrategySettings;

/** What is set of a strategy; null where people set nothing of it, or `settings` does not name it. */
function settingsIn(strategy: StrategyId, settings: Partial<StrategySettings>): { readonly descriptor: SettingsDescriptor<never>; readonly set: never } | null {
  const descriptor = descriptorOf(strategy).settings;
  const set = descriptor && settings[descriptor.key as keyof StrategySettings];
  return descriptor && set ? { descriptor, set: set as never } : null;
}

/** What settings set of a strategy, in words; empty where nothing. */
export function settingsWords(strategy: StrategyId, settings: Partial<StrategySettings>): string {
  const found = settingsIn(strategy, settings);
  return found ? found.descriptor.words(found.set) : '';
}

/** What a column's head says of its strategy: "R=2 W=2 of N=3", "A leads, majority", "wall clocks"; empty where there is nothing to say. */
export function strategyNote(strategy: StrategyId, settings: StrategySettings, room: MembersOfRoom): string {
  if (isCoordinated(strategy) && !room.members.includes(room.self)) return 'not a member yet';
  const found = settingsIn(strategy, settings);
  return found ? found.descriptor.note(found.set, room) : '';
}

/** Whether a replica that reaches nobody may say yes to an edit: strategies that ask nobody do. */
export function answersAlone(strategy: StrategyId, settings: StrategySettings, room: Pick<MembersOfRoom, 'self' | 'leader'>): boolean {
  const { coordination } = descriptorOf(strategy);
  const found = settingsIn(strategy, settings);
  return coordination === null || (found !== null && coordination.answersAlone(found.set, room));
}
