/**
 * The acceptor of one register: what it promised and what it accepted, kept before anybody is told.
 *
 * Guarantees: after a promise for a ballot, nothing below it is promised or accepted, across crashes too, as long as bytes that were kept under one key
 * take effect in the order in which they were given.
 * Source: Lamport, "Paxos Made Simple", 2001, section 2.5; Rystsov, "CASPaxos", 2018, section 2.1.
 */
import type { FieldSpec, Schema } from '../../document/schema.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, newestOf, noVersion, readVersion, type Version, writeVersion } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { type Chosen, readAccepted, writeAccepted } from './messages.ts';
import type { RegisterState } from './register-state.ts';

export class Acceptor {
  promised: Version = noVersion;
  accepted: Chosen | null = null;

  constructor(protected readonly field: FieldSpec, protected readonly network: MemberNetwork, schema: Schema, kept: ReadonlyMap<string, Uint8Array>) {
    const accepted = kept.get(this.acceptedKey);
    const promised = kept.get(this.promisedKey);
    if (accepted) this.accepted = readWhole(accepted, 'an accepted state', (decoder) => readAccepted(decoder, schema, field.id));
    if (promised) this.promised = readWhole(promised, 'a promise', readVersion);
    // They are kept one by one: to accept is to promise.
    this.promised = newestOf(this.promised, this.accepted?.ballot ?? noVersion);
  }

  /** [CAS2] Promises a ballot above all promised so far; resolves, once the promise is kept, to what was accepted before it. Null where it is too low. */
  promise(ballot: Version): Promise<Chosen | null> | null {
    if (this.outranks(this.promised, ballot) || compareVersions(ballot, this.promised) === 0) return null;
    const { accepted } = this;
    this.promised = ballot;
    return this.network.persist(this.promisedKey, writeWhole((encoder) => writeVersion(encoder, ballot))).then(() => accepted);
  }

  /** Accepts a state unless a higher ballot was promised; resolves once it is kept. Null where the ballot is too low. */
  accept(ballot: Version, state: RegisterState): Promise<void> | null {
    if (this.outranks(this.promised, ballot)) return null;
    this.promised = ballot;
    const accepted = { ballot, state };
    this.accepted = accepted;
    return this.network.persist(this.acceptedKey, writeWhole((encoder) => writeAccepted(encoder, accepted)));
  }

  protected outranks(promised: Version, ballot: Version): boolean {
    return compareVersions(promised, ballot) > 0;
  }

  private get promisedKey(): string {
    return `promised/${this.field.id}`;
  }

  private get acceptedKey(): string {
    return `accepted/${this.field.id}`;
  }
}
