import type { FieldId } from '../document/schema.ts';
import { Listeners } from '../encoding/listeners.ts';

type Listener = (fields: ReadonlySet<FieldId>) => void;

/** Who wants to know which fields changed. */
export class ChangeListeners {
  private readonly listeners = new Listeners<Listener>();

  /** Adds a listener; returns a function that removes it. */
  add(listener: Listener): () => void {
    return this.listeners.add(listener);
  }

  /** Tells everybody, unless nothing changed. */
  tell(fields: ReadonlySet<FieldId>): void {
    if (fields.size === 0) return;
    this.listeners.callEach((listener) => listener(fields));
  }
}
