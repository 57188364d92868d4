/** What is to happen later in virtual time: a binary heap, by time, then by order of asking. */
interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class EventQueue {
  private readonly heap: Event[] = [];
  private added = 0;

  add(atMs: number, run: () => void): void {
    const { heap } = this;
    heap.push({ atMs, order: this.added++, run });
    for (let at = heap.length - 1, up = (at - 1) >> 1; at > 0 && before(heap[at]!, heap[up]!); at = up, up = (at - 1) >> 1) this.swap(at, up);
  }

  /** When the first one is due; null when nothing is to happen. */
  get nextMs(): number | null {
    return this.heap[0]?.atMs ?? null;
  }

  nextUntil(endMs: number): Event | null {
    const { heap } = this;
    const first = heap[0];
    if (!first || first.atMs > endMs) return null;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    const { heap } = this;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }
}

function before(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
