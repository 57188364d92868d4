/**
 * A list of whole numbers that is changed at one place after the other: the free room lies where the last change was, so that a change costs the way from
 * the last one, and not the length of the list.
 * Source: the gap buffer of text editors; Finseth, "The Craft of Text Editing", 1991, chapter 6.
 */
export class GapBuffer {
  private items: Int32Array;
  private gapStart: number;
  private gapEnd: number;

  constructor(start: ArrayLike<number>) {
    this.items = new Int32Array(start.length + 64);
    this.items.set(start);
    this.gapStart = start.length;
    this.gapEnd = this.items.length;
  }

  get length(): number {
    return this.items.length - (this.gapEnd - this.gapStart);
  }

  at(index: number): number {
    return this.items[index < this.gapStart ? index : index + this.gapEnd - this.gapStart]!;
  }

  /** Removes so many from an index on and puts the numbers there. Returns what was removed. */
  splice(index: number, removed: number, inserted: readonly number[]): readonly number[] {
    this.moveGap(index);
    const gone = this.take(removed);
    this.makeRoom(inserted.length);
    for (const item of inserted) this.items[this.gapStart++] = item;
    return gone;
  }

  toArray(): number[] {
    return [...this.items.subarray(0, this.gapStart), ...this.items.subarray(this.gapEnd)];
  }

  private take(removed: number): readonly number[] {
    if (removed === 0) return noNumbers;
    const gone: number[] = [];
    for (let at = 0; at < removed; at++) gone.push(this.items[this.gapEnd++]!);
    return gone;
  }

  private moveGap(index: number): void {
    if (index === this.gapStart) return;
    if (index < this.gapStart) {
      const moved = this.gapStart - index;
      this.items.copyWithin(this.gapEnd - moved, index, this.gapStart);
      this.gapEnd -= moved;
    } else {
      const moved = index - this.gapStart;
      this.items.copyWithin(this.gapStart, this.gapEnd, this.gapEnd + moved);
      this.gapEnd += moved;
    }
    this.gapStart = index;
  }

  private makeRoom(wanted: number): void {
    if (this.gapEnd - this.gapStart >= wanted) return;
    const grown = new Int32Array(2 * (this.items.length + wanted));
    const end = this.items.subarray(this.gapEnd);
    grown.set(this.items.subarray(0, this.gapStart));
    grown.set(end, grown.length - end.length);
    this.gapEnd = grown.length - end.length;
    this.items = grown;
  }
}

const noNumbers: readonly number[] = [];
