/**
 * Hints: states that a copy keeps for members that could not be reached, to hand them over when they are back.
 * Source: DeCandia et al., "Dynamo", 2007, section 4.6.
 */
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../../clocks/dot.ts';
import { type FieldId, fieldOf, type Schema } from '../../document/schema.ts';
import { readText } from '../../encoding/read-plain.ts';
import { readReplicaId } from '../../history/record-codec.ts';
import { writeWhole } from '../../encoding/write-whole.ts';
import type { MemberNetwork } from '../coordinated-strategy.ts';
import { compareVersions, type Version } from '../version.ts';
import { readWhole } from '../../encoding/read-whole.ts';
import { type QuorumState, readQuorumState, writeQuorumState } from './messages.ts';

export interface Hint {
  readonly member: ReplicaId;
  readonly field: FieldId;
  readonly state: QuorumState;
}

const prefix = 'hint/';

export class Hints {
  private readonly hints = new Map<string, Hint>();

  constructor(private readonly network: MemberNetwork, schema: Schema, kept: ReadonlyMap<string, Uint8Array>) {
    for (const [key, bytes] of kept) {
      // Nothing is kept where a hint was handed over.
      if (!key.startsWith(prefix) || bytes.length === 0) continue;
      this.hints.set(key, readWhole(bytes, 'a hint', (decoder) => {
        const member = readReplicaId(decoder);
        const field = fieldOf(schema, readText(decoder));
        return { member, field: field.id, state: readQuorumState(decoder, field) };
      }));
    }
  }

  all(): readonly Hint[] {
    return [...this.hints.values()];
  }

  /** Resolves when the hint, or a newer one, is kept. */
  add(hint: Hint): Promise<void> {
    const key = `${prefix}${hint.member}/${hint.field}`;
    const before = this.hints.get(key);
    const newest = before && compareVersions(before.state.version, hint.state.version) > 0 ? before : hint;
    this.hints.set(key, newest);
    return this.network.persist(key, writeWhole((encoder) => {
      encoding.writeVarString(encoder, newest.member);
      encoding.writeVarString(encoder, newest.field);
      writeQuorumState(encoder, newest.state);
    }));
  }

  /** The member holds this version itself. */
  handedOver(member: ReplicaId, field: FieldId, version: Version): void {
    const key = `${prefix}${member}/${field}`;
    const hint = this.hints.get(key);
    if (!hint || compareVersions(hint.state.version, version) > 0) return;
    this.hints.delete(key);
    void this.network.persist(key, new Uint8Array()).catch(() => undefined);
  }
}
