import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { applyIntent } from '../../../shared/document/apply-intent.ts';
import { parseIntent, type TextIntent } from '../../../shared/document/intent.ts';
import { labSchema } from '../../../shared/document/schema.ts';
import { placeSplice, spliceOf, splicedAt } from '../../../shared/document/splice.ts';
import { YjsStrategy } from '../../../shared/strategies/yjs/yjs-strategy.ts';

// Few letters make repeats; the emoji share one half of their surrogate pairs (😀 and 😁 the first, 😀 and 🨀 the second).
const text = fc.array(fc.constantFrom('a', 'b', ' ', '😀', '😁', '🨀'), { maxLength: 40 }).map((letters) => letters.join(''));
const loneSurrogate = /\p{Surrogate}/u;

function done(column: string, splice: TextIntent): string | null {
  const applied = applyIntent('text', column, splice, 'A:1');
  return applied.ok ? (applied.value as string) : null;
}

function perform(strategy: YjsStrategy, intent: TextIntent): void {
  const edit = { dot: { replica: 'A', counter: 1 }, context: VersionVector.empty, wallMs: 0, hybrid: { ms: 0, counter: 0 } };
  strategy.perform({ ...edit, field: 'notes', intent });
}

/** The erasing of a word where it stands first. */
function erasing(made: string, word: string): TextIntent {
  return spliceOf(made, made.indexOf(word), word.length, '');
}

/** The typing of a text after a word. */
function typing(made: string, after: string, inserted: string): TextIntent {
  return spliceOf(made, made.indexOf(after) + after.length, 0, inserted);
}

describe('where a splice falls', () => {
  test('on the text that it was made on: exactly on its index', () => {
    fc.assert(fc.property(text, fc.nat(50), fc.nat(6), text, (made, index, length, inserted) => {
      const splice = spliceOf(made, index, length, inserted);
      expect(placeSplice(made, splice)).toEqual({ index: splice.index, removed: splice.removed.length });
      expect(made.slice(splice.index, splice.index + splice.removed.length)).toBe(splice.removed);
      expect(made.slice(0, splice.index).endsWith(splice.left!)).toBe(true);
    }), { numRuns: 2_000 });
  });

  test('on any text: what is removed reads like what it removed, and no surrogate pair is cut', () => {
    fc.assert(fc.property(text, text, fc.nat(50), fc.nat(6), fc.constantFrom('', 'x', '😀'), (made, other, index, length, inserted) => {
      const splice = spliceOf(made, index, length, inserted);
      expect(splice.left).not.toMatch(loneSurrogate);
      expect(splice.removed).not.toMatch(loneSurrogate);
      const place = placeSplice(other, splice);
      expect(place === null).toBe(splice.removed !== '' && !other.includes(splice.removed));
      if (!place) return;
      expect(other.slice(place.index, place.index + place.removed)).toBe(splice.removed);
      expect(splicedAt(other, place, inserted)).not.toMatch(loneSurrogate);
    }), { numRuns: 2_000 });
  });

  test('the nearest place is taken, by naive means', () => {
    fc.assert(fc.property(text, text, fc.nat(50), fc.nat(3), (made, other, index, length) => {
      const splice = spliceOf(made, index, length, 'x');
      const wanted = splice.removed || splice.left!;
      const from = splice.removed ? splice.index : splice.index - wanted.length;
      if (wanted === '') return;
      const all = [...Array(other.length).keys()].filter((at) => other.startsWith(wanted, at));
      const places = all.sort((a, b) => Math.abs(a - from) - Math.abs(b - from) || a - b);
      if (places.length > 0) expect(placeSplice(other, splice)!.index).toBe(splice.removed ? places[0] : places[0]! + wanted.length);
    }), { numRuns: 2_000 });
  });

  test('an erased word is erased where it stands in the other column, and nothing else', () => {
    const splice = erasing('See you on Monday', 'Monday');
    expect(done('Monday at five', splice)).toBe(' at five');
    expect(done('Friday at five', splice)).toBeNull();
    expect(applyIntent('text', 'Friday at five', splice, 'A:1')).toEqual({ ok: false, reason: 'this column has another text here' });
  });

  test('of two places that are as near, the one to the left', () => {
    expect(done('ab..ab', { kind: 'splice', index: 2, removed: 'ab', inserted: '', left: '' })).toBe('..ab');
    expect(done('ab...ab', { kind: 'splice', index: 3, removed: 'ab', inserted: '', left: '' })).toBe('ab...');
    expect(done('a...a', { kind: 'splice', index: 3, removed: '', inserted: 'X', left: 'a' })).toBe('aX...a');
  });

  test('what replaces a word goes where the word stands', () => {
    expect(done('- buy milk today', spliceOf('buy milk', 4, 4, 'bread'))).toBe('- buy bread today');
  });

  test('what is typed goes after the same 16 characters, else to the index, clamped', () => {
    const made = 'We meet on Monday in Rome';
    expect(typing(made, 'Monday', ' at five').left).toBe('e meet on Monday');
    expect(done('Well: We meet on Monday', typing(made, 'Monday', ' at five'))).toBe('Well: We meet on Monday at five');
    expect(done('They meet in Monday', typing(made, 'Monday', '!'))).toBe('They meet in Mond!ay');
    expect(done('short', typing(made, 'Monday', '!'))).toBe('short!');
    expect(done('', typing(made, 'Monday', '!'))).toBe('!');
    expect(done('other', typing(made, '', 'First. '))).toBe('First. other');
  });

  test('an index inside a surrogate pair is before it', () => {
    expect(spliceOf('😀😁', 1, 0, 'x')).toEqual({ kind: 'splice', index: 0, removed: '', inserted: 'x', left: '' });
    expect(spliceOf('😀😁', 1, 2, 'x')).toEqual({ kind: 'splice', index: 0, removed: '😀😁', inserted: 'x', left: '' });
    expect(done('😀', { kind: 'splice', index: 1, removed: '', inserted: 'x', left: 'z' })).toBe('x😀');
    expect(spliceOf(`😀${'a'.repeat(15)}`, 17, 0, 'x').left).toBe('a'.repeat(15));
  });

  test('without what stood to its left, as earlier versions made it, it is clamped as it was', () => {
    expect(done('Monday at five', { kind: 'splice', index: 11, removed: 'Monday', inserted: '' })).toBe('Monday at f');
    expect(done('abc', { kind: 'splice', index: 99, removed: 'xyz', inserted: 'd' })).toBe('abcd');
  });

  test('a Y.Text in many pieces takes a splice as a string does', () => {
    fc.assert(fc.property(text, fc.array(fc.tuple(text, fc.nat(40)), { maxLength: 5 }), fc.nat(50), fc.nat(6), (made, pieces, index, length) => {
      const strategy = new YjsStrategy(labSchema, new Y.Doc());
      const splice = spliceOf(made, index, length, 'x');
      const notes = strategy.doc.getText('notes');
      for (const [piece, at] of pieces) notes.insert(spliceOf(notes.toString(), at, 0, '').index, piece);
      const expected = done(notes.toString(), splice);
      perform(strategy, splice);
      expect(strategy.value('notes')).toBe(expected ?? notes.toString());
    }), { numRuns: 500 });
  });

  test('a Y.Text in which another program put an image is edited all the same', () => {
    const strategy = new YjsStrategy(labSchema, new Y.Doc());
    const notes = strategy.doc.getText('notes');
    notes.insert(0, 'Monday');
    notes.insertEmbed(0, { image: 'x' });
    const intent = spliceOf('Monday', 6, 0, '!');
    perform(strategy, intent);
    expect([...(strategy.value('notes') as string)].sort().join('')).toBe('!Madnoy');
  });
});

test('an intent keeps what stood to its left; one without it stays so; more than 16 characters are refused', () => {
  const splice = spliceOf('We meet on Monday', 17, 0, '!');
  expect(parseIntent('text', JSON.parse(JSON.stringify(splice)))).toEqual(splice);
  expect(parseIntent('text', { kind: 'splice', index: 1, removed: 'a', inserted: '' })).toStrictEqual({ kind: 'splice', index: 1, removed: 'a', inserted: '' });
  expect(() => parseIntent('text', { ...splice, left: 'x'.repeat(17) })).toThrow('left has 17 characters; 16 is the most');
  expect(() => parseIntent('text', { ...splice, left: 1 })).toThrow('left is a string, not 1');
});
