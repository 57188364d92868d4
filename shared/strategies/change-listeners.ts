import type { FieldId } from '../document/schema.ts';

type Listener = (fields: ReadonlySet<FieldId>) => void;

/** Who wants to know which fields changed. */
export class ChangeListeners {
  private readonly listeners = new Set<Listener>();

  /** Adds a listener; returns a function that removes it. */
  add(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells everybody, unless nothing changed. */
  tell(fields: ReadonlySet<FieldId>): void {
    if (fields.size === 0) return;
    for (const listener of [...this.listeners]) listener(fields);
  }
}
