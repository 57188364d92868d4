import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TextIntent } from '../../../shared/document/intent.ts';
import { joined } from '../../../shared/document/joined-splices.ts';
import { spliceOf } from '../../../shared/document/splice.ts';
import { pauseMs, TextBatches } from '../../../shared/replica/text-batches.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';

function splice(index: number, removed: string, inserted: string): TextIntent {
  return { kind: 'splice', index, removed, inserted };
}

function done(text: string, { index, removed, inserted }: TextIntent): string {
  return text.slice(0, index) + inserted + text.slice(index + removed.length);
}

test('one splice does what many touching ones do one after the other, whatever the text', () => {
  let touching = 0;
  fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.array(fc.tuple(fc.nat(12), fc.nat(4), fc.string({ maxLength: 4 })), { minLength: 2, maxLength: 6 }), (start, edits) => {
    let text = start;
    let merged: TextIntent | null = null;
    let base = start;
    for (const [at, length, inserted] of edits) {
      const index = Math.min(at, text.length);
      const next = splice(index, text.slice(index, index + length), inserted);
      const both: TextIntent | null = merged && joined(merged, next);
      if (both) touching++;
      else base = text;
      merged = both ?? next;
      text = done(text, next);
      expect(done(base, merged)).toBe(text);
      expect(base.slice(merged.index, merged.index + merged.removed.length)).toBe(merged.removed);
    }
  }), { numRuns: 2_000 });
  expect(touching).toBeGreaterThan(1_000);
});

test('what stands to the left goes along, and splices between which others changed the text do not join', () => {
  let text = 'We meet on ';
  let merged: TextIntent | null = null;
  const type = (index: number, removed: number, inserted: string): void => {
    const next = spliceOf(text, index, removed, inserted);
    merged = merged ? joined(merged, next) : next;
    text = done(text, next);
  };
  type(11, 0, 'M');
  type(12, 0, 'onday');
  type(8, 4, 'on a m');
  expect(merged).toEqual({ kind: 'splice', index: 8, removed: 'on ', inserted: 'on a monday', left: 'We meet ' });
  // Others put "Yes. " in front: index 12 is another place now.
  const first = spliceOf('We meet on ', 11, 0, 'Monday');
  expect(joined(first, spliceOf('Yes. We meet on Monday', 12, 2, ''))).toBeNull();
  expect(joined(first, spliceOf('Yes. We meet on Monday', 12, 0, 'x'))).toBeNull();
  expect(joined(first, spliceOf('Yes. We meet on Monday', 22, 0, 'x'))).toBeNull();
  expect(joined(first, spliceOf('We meet on Monday', 17, 0, 'x'))).toEqual(spliceOf('We meet on ', 11, 0, 'Mondayx'));
});

test('goes out once, a pause after the last key; splices that do not touch go out as two, in order', () => {
  const clock = new VirtualClock();
  const sent: unknown[] = [];
  const batches = new TextBatches(clock, (field, { index, inserted }, edits) => sent.push([field, index, inserted, edits]));
  for (const [index, inserted] of [...'hey'].entries()) {
    batches.add('notes', splice(index, '', inserted));
    clock.advance(pauseMs - 1);
  }
  expect(sent).toEqual([]);
  expect(batches.waiting('notes')).toEqual(splice(0, '', 'hey'));
  clock.advance(1);
  expect(sent).toEqual([['notes', 0, 'hey', 3]]);
  batches.add('notes', splice(0, '', 'a'));
  batches.add('notes', splice(9, '', 'b'));
  batches.flush();
  expect(sent.slice(1)).toEqual([['notes', 0, 'a', 1], ['notes', 9, 'b', 1]]);
  // Typed and taken back: there is nothing to send.
  batches.add('notes', splice(0, '', 'x'));
  batches.add('notes', splice(0, 'x', ''));
  clock.advance(pauseMs);
  expect(sent.length).toBe(3);
});
