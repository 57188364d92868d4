/**
 * What the copies of coordinated strategies share: joining, the checks of edits and senders, whom to ask next, changes and digests.
 *
 * Guarantees: `perform` takes an edit once, and in its replica's order, across the copy's lives.
 */
import { type Dot, dotKey, type ReplicaId } from '../clocks/dot.ts';
import { onlySiblings } from '../document/apply-intent.ts';
import { documentDigest } from '../document/digest.ts';
import { type Intent, parseIntent } from '../document/intent.ts';
import { type FieldId, fieldOf, type FieldSpec, type FieldValue, type Schema } from '../document/schema.ts';
import type { Edit } from '../history/record.ts';
import { ChangeListeners } from './change-listeners.ts';
import type { MemberNetwork } from './coordinated-strategy.ts';

/** An edit whose replica and intent were checked. */
export interface CheckedEdit {
  readonly dot: Dot;
  readonly field: FieldSpec;
  readonly intent: Intent;
  /** Why no coordinated strategy carries it out; null: it may. */
  readonly refusal: string | null;
}

export abstract class CoordinatedCopy {
  protected readonly listeners = new ChangeListeners();
  private joined: MemberNetwork | null = null;
  private lastDot = 0;
  private asked = 0;

  constructor(protected readonly schema: Schema) {}

  abstract value(field: FieldId): FieldValue;

  /** What is to be done again and again. */
  protected abstract tick(): void;

  digest(): string {
    return documentDigest(this.schema, (field) => this.value(field));
  }

  /** Calls the listener with the fields whose shown value changed. Returns a function that stops it. */
  onChange(listener: (fields: ReadonlySet<FieldId>) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Whether this copy is a member. */
  protected get hasJoined(): boolean {
    return this.joined !== null;
  }

  /** Throws an Error before this copy is a member. */
  protected get network(): MemberNetwork {
    if (!this.joined) throw new Error('this copy has not joined yet');
    return this.joined;
  }

  /** The first of what `join` does. Throws an Error where this copy has joined already. */
  protected enter(network: MemberNetwork): void {
    if (this.joined) throw new Error('this copy has joined already');
    this.joined = network;
  }

  /** From `firstMs` on, ticks every so many milliseconds, as the settings of then have it. */
  protected tickEvery(everyMs: () => number, firstMs: number): void {
    this.network.clock.after(firstMs, () => {
      this.tickEvery(everyMs, everyMs());
      this.tick();
    });
  }

  /** When a copy that compares notes with others begins, in milliseconds: members do not all begin at once. */
  protected firstTickMs(everyMs: number): number {
    const { network } = this;
    const members = network.members();
    return everyMs * (1 + members.indexOf(network.self) / members.length);
  }

  /** Throws a RangeError where an edit was not made here, comes out of order, or is malformed. */
  protected checked({ dot, field: id, intent: given }: Edit): CheckedEdit {
    const { network } = this;
    const field = fieldOf(this.schema, id);
    if (dot.replica !== network.self) throw new RangeError(`${dotKey(dot)} was not made at ${network.self}`);
    if (dot.counter <= this.lastDot) throw new RangeError(`${dotKey(dot)} comes after ${network.self}:${this.lastDot}`);
    this.lastDot = dot.counter;
    const intent = parseIntent(field.type, given);
    return { dot, field, intent, refusal: intent.kind === 'resolve' ? onlySiblings : null };
  }

  /** An edit that an earlier life of this copy took. */
  protected noteEarlier({ counter }: Dot): void {
    this.lastDot = Math.max(this.lastDot, counter);
  }

  /** Throws a RangeError for a stranger and for this copy itself. */
  protected mustBeOtherMember(from: ReplicaId): void {
    const { network } = this;
    if (from === network.self || !network.members().includes(from)) throw new RangeError(`${from} is not another member`);
  }

  protected others(): ReplicaId[] {
    const { network } = this;
    return network.members().filter((member) => member !== network.self);
  }

  /** How many members can be reached, this one included. */
  protected reachable(): number {
    return reachableMembers(this.network);
  }

  protected majority(): number {
    return Math.floor(this.network.members().length / 2) + 1;
  }

  /** Another member that can be reached: one after the other. */
  protected nextOther(): ReplicaId | undefined {
    const others = this.others().filter((member) => this.network.reaches(member));
    return others[this.asked++ % Math.max(1, others.length)];
  }
}

/** How many members can be reached, this copy's replica included. */
export function reachableMembers(network: Pick<MemberNetwork, 'self' | 'members' | 'reaches'>): number {
  return network.members().filter((member) => member === network.self || network.reaches(member)).length;
}

/** Why too few members can be reached; null: enough can. */
export function tooFew(reached: number, members: number, needed: number): string | null {
  return reached < needed ? `${reached} of ${members} replicas reachable, ${needed} needed` : null;
}
