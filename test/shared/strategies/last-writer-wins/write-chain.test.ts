import { describe, expect, test } from 'vitest';
import { labSchema } from '../../../../shared/document/schema.ts';
import { SeededRandom } from '../../../../shared/network/seeded-random.ts';
import { type ChainedWrite, rootKey, WriteChain } from '../../../../shared/strategies/last-writer-wins/write-chain.ts';

const notes = labSchema[1]!;

/** The text of a write by definition: all that it descends from, carried out from the beginning. */
function textOf(key: string, writes: ReadonlyMap<string, ChainedWrite>): string {
  const line: ChainedWrite[] = [];
  for (let at = writes.get(key); at; at = writes.get(at.replaces)) line.push(at);
  return line.reverse().reduce((text, { intent }) => (intent?.kind === 'splice' ? text.slice(0, intent.index) + intent.inserted + text.slice(intent.index) : text), '');
}

describe('a chain holds few values whole', () => {
  test('and yet shows the right one after thousands of writes and hundreds of branches, from near and from far back', () => {
    const random = new SeededRandom(7);
    const chain = new WriteChain(notes);
    const writes = new Map<string, ChainedWrite>();
    const keys: string[] = [rootKey];
    for (let counter = 1; counter <= 3_000; counter++) {
      // Mostly from the present value; now and then from one of the last hundred writes, or from any.
      const replaces = random.chance(0.8) ? chain.tip : random.pick(random.chance(0.8) ? keys.slice(-100) : keys);
      const write: ChainedWrite = { key: `A:${counter}`, dot: { replica: 'A', counter }, stamp: { ms: random.chance(0.7) ? counter : random.below(counter), counter: 0 }, replaces, intent: { kind: 'splice', index: random.below(textOf(replaces, writes).length + 1), removed: '', inserted: random.pick([...'abcdef']) } };
      writes.set(write.key, write);
      keys.push(write.key);
      chain.add(write);
      if (counter % 50 === 0) expect(chain.value, `after ${counter}`).toBe(textOf(chain.tip, writes));
    }
    expect(chain.value).toBe(textOf(chain.tip, writes));
    expect(chain.heldCount).toBeLessThan(120);
  });
});
