/**
 * A whole room without windows: replicas, relay, links and disks in virtual time. The same code as in the windows runs in it; only clock, chance, network
 * and store are simulated, behind the same ports.
 *
 * Guarantees: the same options and the same calls give the same run, byte for byte, on every machine. Time passes only in `pass` and `quiet`.
 */
import { type VersionVector } from '../clocks/version-vector.ts';
import type { ReplicaId } from '../clocks/dot.ts';
import type { Schema } from '../document/schema.ts';
import type { JournalRecord, StrategyId } from '../history/record.ts';
import type { RoomEvent } from '../history/room-event.ts';
import { isFaultless, type LinkFaults, noFaults } from '../network/link.ts';
import { isCoordinated, type CoordinatedId, coordinatedIds, type StrategySettings } from '../strategies/registry.ts';
import type { FrameCodec } from '../protocol/codec.ts';
import { rememberingCodec } from './remembering-codec.ts';
import { RoomNotes } from './room-notes.ts';
import { SeededRandom } from '../network/seeded-random.ts';
import { SimulatedLink } from './simulated-link.ts';
import { SimulatedRelay } from './simulated-relay.ts';
import { SimulatedReplica } from './simulated-replica.ts';
import { VirtualClock } from './virtual-clock.ts';

/**
 * A seed gives the same run only in the same version of the simulation. To be counted up when a change gives any seed another run; version 1 had a relay of its
 * own.
 */
export const simulationVersion = 3;

export interface SimulatedRoomOptions {
  readonly schema: Schema;
  /** At least one, each name once. */
  readonly replicas: readonly ReplicaId[];
  /** The strategies that run; at least one. */
  readonly strategies: readonly StrategyId[];
  readonly settings: StrategySettings;
  /** Who leads under single leader at first; default: the first that comes. */
  readonly leader?: ReplicaId;
  /** Decides all that chance decides. A whole number from 0 to 2^32−1. */
  readonly seed: number;
  /** Whether each message is noted for the history. Default false. */
  readonly notesMessages?: boolean;
  /** Whether what replicas have, show and reach is noted: lag, divergence and rejoins come from it. Default false. */
  readonly notesReplicas?: boolean;
  /**
   * Whether each Y.Doc has a store of its own that is slower than the journal's, as it may be in a
   * browser: a crash then loses more of the document. Default false: one store for both.
   */
  readonly slowDocumentStore?: boolean;
  /** Default: one that does not read again what it has written. The plain one takes longer, and reads every byte. */
  readonly codec?: FrameCodec;
}

export interface LinkChange {
  readonly upstream?: LinkFaults;
  readonly downstream?: LinkFaults;
}

/** Longest time that is gone through moment by moment, in milliseconds; of what is left of a longer one, all falls due at its end. */
const watchedMsMax = 10_000;
/** How long `quiet` waits at most, in milliseconds of virtual time, and how often it looks. */
const quietMsMax = 60_000;
const lookEveryMs = 5;
/** Where all is delivered and values differ, only what copies do every so often can change that; so long is waited for it, in milliseconds. */
const betweenRoundsMs = 1_000;

export class SimulatedRoom {
  readonly clock = new VirtualClock();
  readonly relay: SimulatedRelay;
  private readonly codec: FrameCodec;
  private readonly notes: RoomNotes;
  readonly random: SeededRandom;
  readonly replicas: readonly SimulatedReplica[];
  /** What went wrong that people would have been told of, a line each. */
  readonly troubles: string[] = [];

  private constructor(readonly options: SimulatedRoomOptions) {
    this.random = new SeededRandom(options.seed);
    this.codec = options.codec ?? rememberingCodec();
    const report = (trouble: string): void => void this.troubles.push(trouble);
    this.relay = new SimulatedRelay({ clock: this.clock, codec: this.codec, random: this.seeded(), leader: options.leader ?? null, report });
    this.notes = new RoomNotes(this.clock, this.codec, { messages: options.notesMessages ?? false, replicas: options.notesReplicas ?? false });
    if (this.notes.wantsReplicas) this.notes.settings({ enabled: options.strategies, ...options.settings });
    this.replicas = options.replicas.map((id, rank) => {
      const link = new SimulatedLink(this.clock);
      this.relay.accept(link.relayEnd, id);
      return new SimulatedReplica({ ...options, id, rank, clock: this.clock, codec: this.codec, random: this.seeded(), link, notes: this.notes, report });
    });
  }

  /** All replicas are up, online and, where that counts, members. */
  static async open(options: SimulatedRoomOptions): Promise<SimulatedRoom> {
    const room = new SimulatedRoom(options);
    for (const each of room.replicas) await each.start();
    for (const each of room.replicas) each.setOnline(true);
    const everybody = (): boolean => !options.strategies.some(isCoordinated) || room.replicas.every(({ replica }) => replica.members.length === options.replicas.length);
    await room.until(() => everybody() && room.isQuiet(), 600_000);
    return room;
  }

  at(name: ReplicaId): SimulatedReplica {
    const found = this.replicas.find(({ id }) => id === name);
    if (!found) throw new RangeError(`there is no replica "${name}"; there are ${this.options.replicas.join(', ')}`);
    return found;
  }

  /** What happened to the network and to the replicas, and what these noted, in order. */
  get events(): readonly RoomEvent[] {
    return this.notes.events;
  }

  islands(groups: readonly (readonly ReplicaId[])[]): void {
    this.notes.note('island', null, groups);
    this.relay.setIslands(groups);
  }

  /** Gives a link faults, or mends it: then the relay brings what was lost. */
  setLink(name: ReplicaId, { upstream = noFaults, downstream = noFaults }: LinkChange): void {
    const { id } = this.at(name);
    const isFaulty = !isFaultless(upstream) || !isFaultless(downstream);
    if (isFaulty || this.relay.hasFaultyLink(id)) this.notes.note('fault', id, { upstream, downstream });
    this.relay.setLink(name, upstream, downstream);
  }

  /** One island, good links, all up and online. */
  async heal(): Promise<void> {
    if (this.relay.isDivided) this.notes.note('island', null, []);
    this.relay.setIslands([]);
    for (const each of this.replicas) {
      this.setLink(each.id, {});
      await each.start();
      each.setOnline(true);
    }
  }

  /** Lets so many milliseconds pass. Of a very long time only the beginning is gone through moment by moment. */
  async pass(ms: number): Promise<void> {
    const endMs = this.clock.nowMs() + ms;
    const watchedUntilMs = Math.min(endMs, this.clock.nowMs() + watchedMsMax);
    await promisesKept();
    while (this.clock.advanceToNext(watchedUntilMs)) await promisesKept();
    if (endMs === watchedUntilMs) return;
    this.clock.jump(endMs);
    await promisesKept();
  }

  /** Lets time pass until nothing is under way that will arrive and no edit waits for its answer; tells whether it came to that. */
  quiet(): Promise<boolean> {
    return this.until(() => this.isQuiet(), quietMsMax);
  }

  /** Lets time pass until something is true that does not depend on time alone, so many milliseconds at most; tells whether it is. */
  async until(condition: () => boolean, msMax: number): Promise<boolean> {
    const endMs = this.clock.nowMs() + msMax;
    await promisesKept();
    while (this.clock.nowMs() < endMs) {
      // Twice: what was resolved may have begun something.
      if (condition()) {
        await promisesKept();
        if (condition()) return true;
      }
      await this.pass(this.untilNextLookMs(endMs));
    }
    return condition();
  }

  /** Where nothing falls due, nothing changes: there is nothing to look at. */
  private untilNextLookMs(endMs: number): number {
    const dueMs = Math.min(this.clock.nextMs ?? endMs, endMs) - this.clock.nowMs();
    return Math.min(Math.max(1, Math.ceil(dueMs / lookEveryMs)) * lookEveryMs, watchedMsMax);
  }

  /** Lets time pass until all replicas are connected and show the same, so many milliseconds at most; tells whether they do. */
  async converged(msMax: number): Promise<boolean> {
    const endMs = this.clock.nowMs() + msMax;
    for (await this.quiet(); this.clock.nowMs() < endMs; await this.pass(betweenRoundsMs)) {
      if (this.isAtRest && this.isDecided && this.agrees(this.options.strategies)) return true;
    }
    return false;
  }

  /** Everything that the relay has, in the order in which each replica made it. */
  records(): JournalRecord[] {
    return this.relay.records().map((bytes) => this.codec.decodeRecord(bytes));
  }

  /** What all replicas that are up and the relay have. */
  get everywhere(): VersionVector {
    return this.replicas.filter(({ isUp }) => isUp).reduce((all, { replica }) => all.meet(replica.clock), this.relay.summary);
  }

  /** Whether all replicas that are up are online and nothing is under way. */
  get isAtRest(): boolean {
    return this.isQuiet() && this.replicas.every(({ isUp, isOnline }) => !isUp || isOnline);
  }

  /** Whether there is one island and all links are good. */
  get isUndisturbed(): boolean {
    return !this.relay.isDivided && !this.relay.hasFaultyLinks;
  }

  /** Whether all replicas that are up show the same under these strategies. */
  agrees(strategies: readonly StrategyId[]): boolean {
    const up = this.replicas.filter(({ isUp }) => isUp);
    return strategies.every((strategy) => new Set(up.map(({ replica }) => replica.strategy(strategy).digest())).size <= 1);
  }

  /** Whether no outcome is open: what nobody could say settles when enough copies can be asked. */
  private get isDecided(): boolean {
    return this.replicas.every((each) => !each.isUp || this.coordinated.every((strategy) => each.replica.openEdits(strategy).length === 0));
  }

  private isQuiet(): boolean {
    if (this.relay.isBusy) return false;
    return this.replicas.every((each) => !each.isUp || (!each.isBusy && !this.waitsForAnswer(each)));
  }

  /** An unknown outcome is an answer: it may stay so for as long as the partition lasts. */
  private waitsForAnswer({ replica }: SimulatedReplica): boolean {
    return this.coordinated.some((strategy) => replica.unanswered(strategy) > 0);
  }

  private get coordinated(): readonly CoordinatedId[] {
    return coordinatedIds.filter((strategy) => this.options.strategies.includes(strategy));
  }

  private seeded(): SeededRandom {
    return new SeededRandom(this.random.uint32());
  }
}

/** Lets promises that are resolved be heard, before time goes on. */
export async function promisesKept(): Promise<void> {
  for (let left = 8; left > 0; left--) await nothing;
}

const nothing = Promise.resolve();
