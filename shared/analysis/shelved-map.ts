/**
 * A map of very many names that end in a running number ("A:12345"), on shelves of a thousand.
 *
 * A Map of 100,000 entries is away for tens of milliseconds when it grows, as it is then copied whole; of this one only a shelf is.
 */
import { getOrMake } from './concurrency.ts';

/** What names of one shelf do not have in common: so many characters at their ends. */
const endLength = 3;

export class ShelvedMap<Value> {
  private readonly shelves = new Map<string, Map<string, Value>>();

  get(key: string): Value | undefined {
    return this.shelves.get(key.slice(0, -endLength))?.get(key);
  }

  set(key: string, value: Value): void {
    getOrMake(this.shelves, key.slice(0, -endLength), () => new Map<string, Value>()).set(key, value);
  }

  /** What there is under the key; it is made where there is nothing. */
  getOrMake(key: string, make: () => Value): Value {
    return getOrMake(getOrMake(this.shelves, key.slice(0, -endLength), () => new Map<string, Value>()), key, make);
  }
}
