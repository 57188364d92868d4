import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import { labSchema } from '../../../../shared/document/schema.ts';
import { type OpenEdit, OpenEditSlots } from '../../../../shared/strategies/single-leader/kept.ts';

const edit = (counter: number): OpenEdit => ({ dot: { replica: 'A', counter }, field: 'votes', intent: { kind: 'increment', by: counter } });

function disk(kept: Map<string, Uint8Array>): { readonly persist: (key: string, bytes: Uint8Array) => Promise<void> } {
  return { persist: async (key, bytes) => void kept.set(key, bytes) };
}

describe('own edits that are not answered', () => {
  test('[LEAD9] each is kept by itself, in a slot that is used again: keeping one costs the same however many there are', async () => {
    const kept = new Map<string, Uint8Array>();
    const slots = new OpenEditSlots(disk(kept), labSchema, kept);
    for (let counter = 1; counter <= 100; counter++) await slots.add(edit(counter));
    const sizes = [...kept.values()].map(({ length }) => length);
    expect([kept.size, Math.max(...sizes) - Math.min(...sizes) < 5]).toEqual([100, true]);
    for (let counter = 1; counter <= 99; counter++) slots.remove({ replica: 'A', counter });
    for (let counter = 101; counter <= 150; counter++) await slots.add(edit(counter));
    expect(kept.size).toBe(100);
    const found = new OpenEditSlots(disk(kept), labSchema, new Map(kept)).found.map(({ dot }) => dot.counter);
    expect(found).toEqual([100, ...Array.from({ length: 50 }, (_, at) => 101 + at)]);
  });

  test('what an older program kept as one list is found, and moved into slots', async () => {
    const list = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 2);
      for (const { dot, field, intent } of [edit(3), edit(4)]) {
        encoding.writeVarString(encoder, `A:${dot.counter}`);
        encoding.writeVarString(encoder, field);
        encoding.writeAny(encoder, intent as never);
      }
    });
    const kept = new Map([['open', list]]);
    expect(new OpenEditSlots(disk(kept), labSchema, new Map(kept)).found).toEqual([edit(3), edit(4)]);
    await Promise.resolve().then(() => undefined).then(() => undefined).then(() => undefined);
    expect([...kept].map(([key, { length }]) => [key, length > 0])).toEqual([['open', false], ['open/0', true], ['open/1', true]]);
    expect(new OpenEditSlots(disk(kept), labSchema, new Map(kept)).found).toEqual([edit(3), edit(4)]);
  });
});
