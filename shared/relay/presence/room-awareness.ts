/**
 * Presence in a room, as y-protocols/awareness means it, without its timer: a session's clients go when the session goes.
 *
 * Guarantees: only what is newer than what is known is passed on; since y-websocket clients send on what they hear, that ends the echo.
 * Clients that have gone are remembered for a minute, so that an echo of them that comes late brings nobody back. A client that comes
 * back is seen by all, and sees all, as soon as those have answered who are asked for it (docs/decisions/0026).
 * A state that cannot be taken is dropped; only malformed bytes are refused.
 */
import { type AwarenessEntry, type GoneEntry, isGone, type PresenceDrop, readAwareness, writeAwareness, writeGone } from './awareness-entries.ts';
import { decoded } from '../refusal.ts';

export interface RoomAwarenessOptions {
  /** Most clients at once, in one update, and among those that have gone. */
  readonly clientsMax: number;
  /** Most bytes of one client's state, as JSON in UTF-8. */
  readonly stateBytesMax: number;
  /** Most bytes of all states together. */
  readonly bytesMax: number;
  /** Milliseconds, never running backwards. */
  readonly nowMs: () => number;
}

export interface AwarenessOutcome<Owner> {
  /** What was new, encoded, for all; null if nothing was. */
  readonly news: Uint8Array | null;
  /** What these owners are to hear alone, encoded: upon it they announce their clients anew. */
  readonly asks: ReadonlyMap<Owner, Uint8Array>;
  readonly drops: readonly PresenceDrop[];
}

interface Known<Owner> extends AwarenessEntry {
  /** Who announced it last, with this clock. Others only repeat what they hear. */
  readonly owner: Owner;
  readonly sinceMs: number;
  askedMs: number;
}

interface Departed {
  readonly clock: number;
  readonly atMs: number;
}

/** So long clients that have gone are remembered; y-protocols forgets those of whom it hears nothing for 30 s. */
const rememberedMs = 60_000;

export class RoomAwareness<Owner extends object> {
  private readonly entries = new Map<number, Known<Owner>>();
  private bytes = 0;
  /** Clients that have gone, or were divided from these, with the clock that was heard last; the latest at the end. */
  private readonly departed = new Map<number, Departed>();
  /** Owners of whom something was heard. */
  private heard = new WeakSet<Owner>();
  private beganMs: number;

  constructor(private readonly options: RoomAwarenessOptions) {
    this.beganMs = options.nowMs();
  }

  /** Takes an awareness update. Throws a Refusal, and takes nothing, when it is malformed. */
  apply(update: Uint8Array, owner: Owner): AwarenessOutcome<Owner> {
    const incoming = decoded('awareness', () => readAwareness(update, this.options));
    const isFirst = !this.heard.has(owner);
    this.heard.add(owner);
    this.forgetDeparted();
    const [fresh, drops, asks] = [[] as AwarenessEntry[], [...incoming.drops], new Asks<Owner>()];
    for (const entry of incoming.entries) {
      if (!this.isNewer(entry)) {
        if (!isGone(entry)) this.answerStale(entry, owner, isFirst && incoming.entries.length === 1, asks);
        continue;
      }
      const drop = this.objection(entry);
      if (drop) drops.push(drop);
      else {
        this.take(entry, owner, asks);
        fresh.push(entry);
      }
    }
    return { news: fresh.length > 0 ? writeAwareness(fresh) : null, asks: asks.encoded(), drops };
  }

  /** Everybody who is here, encoded, or null when nobody is. */
  all(): Uint8Array | null {
    return this.entries.size > 0 ? writeAwareness([...this.entries.values()]) : null;
  }

  /** Those of these owners who are here, encoded, or null when nobody is. */
  of(isMeant: (owner: Owner) => boolean): Uint8Array | null {
    const meant = [...this.entries.values()].filter(({ owner }) => isMeant(owner));
    return meant.length > 0 ? writeAwareness(meant) : null;
  }

  /** Removes the clients of a session that ended. Returns the news for the others, or null. */
  leave(owner: Owner): Uint8Array | null {
    const gone = this.ownedBy(owner);
    for (const { client, clock } of gone) this.remove(client, clock);
    return gone.length > 0 ? writeGone(gone) : null;
  }

  clear(): void {
    this.entries.clear();
    this.bytes = 0;
    this.departed.clear();
    this.heard = new WeakSet();
    this.beganMs = this.options.nowMs();
  }

  /** Takes over what `from` knows of an owner's clients. */
  adopt(owner: Owner, from: RoomAwareness<Owner>): void {
    for (const entry of from.entries.values()) if (entry.owner === owner) this.put(entry);
    if (from.heard.has(owner)) this.heard.add(owner);
  }

  /** Takes over which clients `from` knows to have gone; to be called when all owners are adopted. */
  adoptDeparted(from: RoomAwareness<Owner>): void {
    for (const [client, { clock, atMs }] of from.departed) if (!this.entries.has(client)) this.remember(client, clock, atMs);
  }

  /** Parts from the clients that `before` knows and this does not. Returns that they are gone, encoded, for who knew them; null where all are here. */
  partFrom(before: RoomAwareness<Owner>): Uint8Array | null {
    const gone = [...before.entries.values()].filter(({ client }) => !this.entries.has(client));
    for (const { client, clock } of gone) this.remember(client, clock, this.options.nowMs());
    return gone.length > 0 ? writeGone(gone) : null;
  }

  /**
   * That an owner's own clients are gone, encoded, for itself; null if it has none. A client that hears this of itself says that it is here, with a higher
   * clock (y-protocols/awareness), and only that is heard by those who were told before that it had gone.
   */
  askToReannounce(owner: Owner): Uint8Array | null {
    const own = this.ownedBy(owner);
    return own.length > 0 ? writeGone(own) : null;
  }

  private ownedBy(owner: Owner): Known<Owner>[] {
    return [...this.entries.values()].filter((entry) => entry.owner === owner);
  }

  private isNewer(entry: AwarenessEntry): boolean {
    const known = this.entries.get(entry.client);
    if (!known) return !isGone(entry) && entry.clock > (this.departed.get(entry.client)?.clock ?? -1);
    return entry.clock > known.clock || (entry.clock === known.clock && isGone(entry));
  }

  /** Why a state cannot be taken; null if it can. */
  private objection(entry: AwarenessEntry): PresenceDrop | null {
    const { clientsMax, bytesMax } = this.options;
    const known = this.entries.get(entry.client);
    if (isGone(entry)) return null;
    if (!known && this.entries.size >= clientsMax) return { kind: 'presence-too-many', reason: `more than ${clientsMax} awareness clients in one room` };
    if (this.bytes + entry.stateBytes - (known?.stateBytes ?? 0) <= bytesMax) return null;
    return { kind: 'presence-room-full', reason: `the awareness states of the room would have more than ${bytesMax} bytes` };
  }

  private take(entry: AwarenessEntry, owner: Owner, asks: Asks<Owner>): void {
    const nowMs = this.options.nowMs();
    const left = this.departed.get(entry.client);
    if (isGone(entry)) return this.remove(entry.client, entry.clock);
    const isUnknown = !this.entries.has(entry.client);
    this.put({ ...entry, owner, sinceMs: nowMs, askedMs: -Infinity });
    this.departed.delete(entry.client);
    // It has forgotten the others when it went, and takes them again only with higher clocks.
    if (left) this.askUnchangedSince(left.atMs, owner, asks);
    // Others may know that it had gone from before the relay began or loaded the room.
    else if (isUnknown && nowMs - this.beganMs < rememberedMs) asks.add(owner, entry);
  }

  /** What comes with a clock that is not new: an echo, or a client that is back and does not know that the others were told that it had gone. */
  private answerStale(entry: AwarenessEntry, owner: Owner, mayBeItself: boolean, asks: Asks<Owner>): void {
    const left = this.departed.get(entry.client);
    const known = this.entries.get(entry.client);
    if (left) asks.add(owner, { client: entry.client, clock: left.clock });
    // Back over another connection, before the end of the former one was noticed.
    if (!known || known.owner === owner || !mayBeItself) return;
    asks.add(owner, known);
    this.askUnchangedSince(this.options.nowMs(), owner, asks);
  }

  /** Asks the owners of clients that have announced nothing since, but those who were asked since. */
  private askUnchangedSince(ms: number, except: Owner, asks: Asks<Owner>): void {
    const nowMs = this.options.nowMs();
    for (const entry of this.entries.values()) {
      if (entry.owner === except || entry.sinceMs > ms || entry.askedMs > ms) continue;
      entry.askedMs = nowMs;
      asks.add(entry.owner, entry);
    }
  }

  private put(entry: Known<Owner>): void {
    this.bytes += entry.stateBytes - (this.entries.get(entry.client)?.stateBytes ?? 0);
    this.entries.set(entry.client, entry);
  }

  private remove(client: number, clock: number): void {
    this.bytes -= this.entries.get(client)?.stateBytes ?? 0;
    this.entries.delete(client);
    this.remember(client, clock, this.options.nowMs());
  }

  private remember(client: number, clock: number, atMs: number): void {
    const newest = Math.max(clock, this.departed.get(client)?.clock ?? 0);
    this.departed.delete(client);
    this.departed.set(client, { clock: newest, atMs });
    const [oldest] = this.departed.keys();
    if (this.departed.size > this.options.clientsMax) this.departed.delete(oldest!);
  }

  private forgetDeparted(): void {
    const endMs = this.options.nowMs() - rememberedMs;
    for (const [client, { atMs }] of this.departed) {
      if (atMs >= endMs) return;
      this.departed.delete(client);
    }
  }
}

/** Whom to ask for what. */
class Asks<Owner> {
  private readonly clients = new Map<Owner, GoneEntry[]>();

  add(owner: Owner, entry: GoneEntry): void {
    const clients = this.clients.get(owner);
    if (clients) clients.push(entry);
    else this.clients.set(owner, [entry]);
  }

  encoded(): ReadonlyMap<Owner, Uint8Array> {
    return new Map([...this.clients].map(([owner, clients]) => [owner, writeGone(clients)]));
  }
}
