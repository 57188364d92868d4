/**
 * What the copies of coordinated strategies share that have a version of each field: they compare versions with one member after
 * the other, and send what the other lacks.
 */
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../clocks/dot.ts';
import { type FieldId, fieldOf, type FieldSpec } from '../document/schema.ts';
import { readWhole } from '../encoding/read-whole.ts';
import { writeWhole } from '../encoding/write-whole.ts';
import { CoordinatedCopy } from './coordinated-copy.ts';
import { readFieldVersions, writeFieldVersions } from './field-versions.ts';
import { compareVersions, noVersion, type Version } from './version.ts';

/** `Cell`: what a copy has of one field. */
export abstract class ComparedCopy<Cell extends { readonly field: FieldSpec }> extends CoordinatedCopy {
  /** Empty before this copy is a member. */
  protected readonly cells = new Map<FieldId, Cell>();

  protected abstract versionOf(cell: Cell): Version;
  /** Sends what this copy has of a field. */
  protected abstract sendCell(to: ReplicaId, cell: Cell): void;
  /** `asks`: whether the other one is to send its own, where it has newer ones. */
  protected abstract sendVersions(to: ReplicaId, asks: boolean): void;
  protected abstract writeCell(encoder: encoding.Encoder, cell: Cell): void;

  summary(): Uint8Array {
    return writeWhole((encoder) => writeFieldVersions(encoder, this.versions()));
  }

  /** The cells that are newer than the peer's. */
  delta(summary: Uint8Array): Uint8Array {
    const known = readWhole(summary, 'a summary', (decoder) => readFieldVersions(decoder, this.schema));
    const newer = this.newerThan(known);
    return writeWhole((encoder) => {
      encoding.writeVarUint(encoder, newer.length);
      for (const cell of newer) {
        encoding.writeVarString(encoder, cell.field.id);
        this.writeCell(encoder, cell);
      }
    });
  }

  /** Throws a RangeError for an unknown field, an Error before this copy is a member. */
  protected cell(field: FieldId): Cell {
    const cell = this.cells.get(fieldOf(this.schema, field).id);
    if (!cell) throw new Error('this copy has not joined yet');
    return cell;
  }

  protected versions(): Map<FieldId, Version> {
    const known = [...this.cells.values()].filter((cell) => this.versionOf(cell).counter > 0);
    return new Map(known.map((cell) => [cell.field.id, this.versionOf(cell)]));
  }

  /** Tells another member that can be reached what this copy has. */
  protected compareWithNext(): void {
    const to = this.nextOther();
    if (to !== undefined) this.sendVersions(to, true);
  }

  protected receiveVersions(from: ReplicaId, { asks, versions }: { readonly asks: boolean; readonly versions: ReadonlyMap<FieldId, Version> }): void {
    for (const cell of this.newerThan(versions)) this.sendCell(from, cell);
    const lacks = [...versions].some(([field, version]) => compareVersions(version, this.versionOf(this.cell(field))) > 0);
    if (asks && lacks) this.sendVersions(from, false);
  }

  private newerThan(known: ReadonlyMap<FieldId, Version>): Cell[] {
    return [...this.cells.values()].filter((cell) => compareVersions(this.versionOf(cell), known.get(cell.field.id) ?? noVersion) > 0);
  }
}
