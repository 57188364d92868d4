/** Reads the parts of a Yjs update (format v1) from its bytes, without building anything. */
import * as string from 'lib0/string';

/** Deeper values are left to Yjs itself, which may refuse them. */
const valueDepthMax = 32;

/** What the first byte of an item says. */
export const hasOrigin = 0x80;
export const hasRightOrigin = 0x40;
export const hasParentSub = 0x20;
export const refMask = 0x1f;

export class UpdateReader {
  protected at = 0;

  /** `fail` throws; it is called where the bytes are not what they should be. */
  constructor(
    protected readonly bytes: Uint8Array,
    protected readonly fail: () => never,
  ) {}

  protected byte(): number {
    if (this.at >= this.bytes.length) this.fail();
    return this.bytes[this.at++]!;
  }

  protected number(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let factor = 128; ; factor *= 128) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) this.fail();
      if (next < 0x80) return value;
    }
  }

  protected positive(): number {
    return this.number() || this.fail();
  }

  protected signed(): void {
    let next = this.byte();
    let value = next & 0x3f;
    for (let factor = 64; next >= 0x80; factor *= 128) {
      next = this.byte();
      value += (next & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) this.fail();
    }
  }

  protected skip(count: number): void {
    if (count > this.bytes.length - this.at) this.fail();
    this.at += count;
  }

  /** Skips a string and returns its length in UTF-16 code units. */
  protected string(): number {
    const length = this.number();
    const start = this.at;
    this.skip(length);
    for (let i = start; i < this.at; i++) if (this.bytes[i]! >= 0x80) return string.decodeUtf8(this.bytes.subarray(start, this.at)).length;
    return length;
  }

  protected text(): string {
    const length = this.number();
    const start = this.at;
    this.skip(length);
    return string.decodeUtf8(this.bytes.subarray(start, this.at));
  }

  /** One of lib0's `any`. */
  protected value(depth: number): void {
    if (depth > valueDepthMax) this.fail();
    switch (this.byte()) {
      case 120: case 121: case 126: case 127: return;
      case 125: return this.signed();
      case 124: return this.skip(4);
      case 122: case 123: return this.skip(8);
      case 119: return void this.string();
      case 118:
        for (let left = this.number(); left > 0; left--) {
          this.string();
          this.value(depth + 1);
        }
        return;
      case 117:
        for (let left = this.number(); left > 0; left--) this.value(depth + 1);
        return;
      case 116: return this.skip(this.number());
      default: this.fail();
    }
  }
}
