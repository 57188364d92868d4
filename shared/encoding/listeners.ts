/** Who wants to hear of something. One that is added or removed while others are called is called, or not, from the next time on. */
export class Listeners<Listener> {
  private readonly all = new Set<Listener>();

  /** Returns what removes it again. */
  add(listener: Listener): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  callEach(call: (listener: Listener) => void): void {
    for (const listener of [...this.all]) call(listener);
  }
}
