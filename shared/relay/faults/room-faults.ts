/**
 * The faults of a room, as they are asked for: its islands and its links; where relays share the room, at all of them.
 *
 * Guarantees there: changes of the faults come one after the other, each on top of the one before; a relay that comes later has the same islands, with what each
 * of them has. What an island has is what the room had when it was divided and all that was written for the island since, by whatever relay.
 */
import * as string from 'lib0/string';
import { isSoundLink, type Link, type NamedLink, noFaults } from '../../network/link.ts';
import { randomName } from '../../network/random-name.ts';
import type { Random } from '../../ports/random.ts';
import type { StoreChange } from '../../ports/store.ts';
import { withoutChecksum } from '../storage/checked-value.ts';
import type { RoomStorage, StoredRoom } from '../storage/room-storage.ts';
import type { RoomIslands } from './room-islands.ts';
import type { RoomLinks } from './room-links.ts';
import { decodeIslandSnapshot, encodeIslandSnapshot, type IslandSnapshot } from '../cluster/cluster-messages.ts';
import type { ClusterRoom } from '../cluster/cluster-room.ts';

/** As it is stored. */
interface Faults {
  /** How many changes led to it. */
  readonly version: number;
  /** Names this division of the room; null while it is whole. */
  readonly division: string | null;
  readonly lists: readonly (readonly string[])[];
  readonly links: readonly NamedLink[];
}

export interface RoomFaultsOptions {
  readonly islands: RoomIslands;
  readonly links: RoomLinks;
  /** Hears when other sessions reach one another. */
  readonly members: { readonly regrouped: () => void };
  readonly storage: RoomStorage;
  /** Null where no other relay has the room: then faults live in memory. */
  readonly cluster: ClusterRoom | null;
  readonly random: Random;
  readonly changed: () => void;
  /** Has the room store what another relay had when it divided the room, as far as it is not stored: that relay may have gone before it could. */
  readonly adopt: (snapshot: Uint8Array) => void;
  /** Has written what was handed to the cluster; and the others asked who is on which island. */
  readonly regrouped: () => void;
}

/** How much chance is in the name of a division. */
const divisionBits = 96;
const none: Faults = { version: 0, division: null, lists: [], links: [] };
const soundLink: Link = { online: true, upstream: noFaults, downstream: noFaults, seed: 0 };

export class RoomFaults {
  private applied = none;
  private waiting: (() => void)[] = [];

  constructor(private readonly options: RoomFaultsOptions) {}

  /** Whether the room must stay in memory, or they would be lost. */
  get areOnlyHere(): boolean {
    const { islands, links, cluster } = this.options;
    return cluster === null && (islands.isDivided || links.count > 0);
  }

  /** Lets sessions hear only of those whose names stand in the same list; those that no list names hear of one another. No lists: of all. */
  async divide(lists: readonly (readonly string[])[]): Promise<void> {
    const { islands, members, cluster, random, changed } = this.options;
    if (cluster) return this.change(cluster, (now) => ({ ...now, division: lists.length === 0 ? null : randomName(random, divisionBits), lists }));
    islands.divide(lists);
    members.regrouped();
    changed();
  }

  /** Gives the link of a name these faults, or takes them off. */
  async setLink(name: string, link: Link): Promise<void> {
    const { links, cluster, changed } = this.options;
    if (cluster) return this.change(cluster, (now) => ({ ...now, links: [...now.links.filter((each) => each.name !== name), ...(isSoundLink(link) ? [] : [{ name, ...link }])] }));
    links.set(name, link);
    changed();
  }

  /** Takes all faults off. */
  async mend(): Promise<void> {
    const { islands, links, members, cluster, changed } = this.options;
    if (cluster) return this.change(cluster, (now) => ({ ...now, division: null, lists: [], links: [] }));
    // Whole first: what is still under way on a link then reaches everybody.
    islands.divide([]);
    members.regrouped();
    links.mend();
    changed();
  }

  /** Another relay has stored these. */
  learn({ faults, islands }: StoredRoom): void {
    if (faults !== null) this.apply(faults as Faults, islands[0]?.bytes ?? null);
  }

  /** The room was loaded, and nobody is in it. */
  restore({ faults, islands: stored }: StoredRoom): void {
    const { islands, links, cluster } = this.options;
    if (!cluster) return;
    this.applied = (faults as Faults | null) ?? none;
    const atDivision = stored.find(({ division }) => division === this.applied.division);
    const base = atDivision ? decodeIslandSnapshot(atDivision.bytes) : null;
    islands.restore(this.applied.division, this.applied.lists, base, cluster.sinceDivided);
    if (base) this.options.adopt(base.snapshot);
    cluster.sinceDivided = [];
    links.mend();
    for (const { name, ...link } of this.applied.links) links.set(name, link);
    this.wake();
  }

  /** What stays when the room is emptied. */
  get kept(): StoreChange[] {
    return this.applied.version > 0 ? [this.options.storage.setFaults(this.applied)] : [];
  }

  private async change(cluster: ClusterRoom, alter: (now: Faults) => Faults): Promise<void> {
    const { storage, islands } = this.options;
    const tried: { readonly next: Faults; readonly base: Uint8Array | null }[] = [];
    for (;;) {
      const now = this.applied;
      const next = { ...alter(now), version: now.version + 1 };
      const base = encodeIslandSnapshot(islands.baseSnapshot);
      const isRegrouped = next.division !== now.division;
      const outcome = await cluster.decideOrFail([
        { ...storage.setFaults(next), expects: now.version === 0 ? null : storage.setFaults(now).value },
        ...(isRegrouped && now.division !== null ? [{ ...storage.setIslands(now.division, base), value: null }] : []),
        ...(isRegrouped && next.division !== null ? [storage.setIslands(next.division, base)] : []),
      ], isRegrouped ? next.division : undefined);
      if (outcome.kind === 'written') return this.apply(next, isRegrouped ? base : null);
      tried.push({ next, base: isRegrouped ? base : null });
      if (outcome.kind === 'behind') continue;
      // Another relay was quicker: on top of what it has done, once that is heard.
      const found = outcome.value === null ? none : (JSON.parse(string.decodeUtf8(withoutChecksum(outcome.value))) as Faults);
      // Or this one was, and the answer was lost: nobody tells it of that.
      const own = tried.find((each) => JSON.stringify(each.next) === JSON.stringify(found));
      if (own) return this.apply(own.next, own.base);
      const { version } = found;
      while (this.applied.version < version) await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private apply(next: Faults, base: Uint8Array | null): void {
    const { islands, links, members, changed, regrouped } = this.options;
    const before = this.applied;
    if (next.version <= before.version) return;
    this.applied = next;
    if (next.division !== before.division) {
      islands.divide(next.lists, next.division);
      members.regrouped();
      if (base) this.goBeyond(decodeIslandSnapshot(base));
      regrouped();
    }
    for (const { name } of before.links) if (!next.links.some((each) => each.name === name)) links.set(name, soundLink);
    for (const { name, ...link } of next.links) if (JSON.stringify(links.get(name)) !== JSON.stringify(link)) links.set(name, link);
    changed();
    this.wake();
  }

  /** Tells what this relay's islands have beyond what all know: from edits that are still on their way, and from what its sessions brought along. */
  private goBeyond(base: IslandSnapshot): void {
    const { islands, cluster, adopt } = this.options;
    for (const { place, update, records } of islands.beyond(base)) {
      if (update) cluster!.addUpdate(place, update);
      if (records.length > 0) cluster!.addRecords(place, records);
    }
    adopt(base.snapshot);
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

