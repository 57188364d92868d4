import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applySplice, displayedText, movedPosition, rebasedSplice, smallestSplice } from '../../../../renderer/elements/fields/text-binding.ts';

// Few letters make repeats; the emoji make surrogate pairs that share one half (😀 and 😁 the first, 😀 and 🨀 the second).
const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '😀', '😁', '🨀'), { maxLength: 12 }).map((letters) => letters.join(''));

const loneSurrogate = /\p{Surrogate}/u;

describe('smallestSplice', () => {
  test('turns the old text into the new one', () => {
    fc.assert(fc.property(text, text, (before, after) => {
      const splice = smallestSplice(before, after);
      expect(splice ? applySplice(before, splice) : before).toBe(after);
    }));
  });

  test('turns the old text into the new one wherever the caret is', () => {
    fc.assert(fc.property(text, text, fc.nat(30), (before, after, caret) => {
      const splice = smallestSplice(before, after, caret);
      expect(splice ? applySplice(before, splice) : before).toBe(after);
    }));
  });

  test('never cuts a surrogate pair', () => {
    fc.assert(fc.property(text, text, fc.option(fc.nat(30), { nil: undefined }), (before, after, caret) => {
      const splice = smallestSplice(before, after, caret);
      if (!splice) return;
      expect(splice.removed).not.toMatch(loneSurrogate);
      expect(splice.inserted).not.toMatch(loneSurrogate);
    }));
  });

  test('takes the place of the caret among equally small splices', () => {
    expect(smallestSplice('aaa', 'aaaa', 1)).toEqual({ index: 0, removed: '', inserted: 'a' });
    expect(smallestSplice('aaa', 'aaaa', 4)).toEqual({ index: 3, removed: '', inserted: 'a' });
    expect(smallestSplice('aaa', 'aa', 0)).toEqual({ index: 0, removed: 'a', inserted: '' });
  });

  test('is null for equal texts', () => {
    expect(smallestSplice('same', 'same', 2)).toBeNull();
  });
});

describe('movedPosition', () => {
  test('stays inside the text and keeps what stands on either side', () => {
    fc.assert(fc.property(text, text, fc.nat(30), (before, after, raw) => {
      const splice = smallestSplice(before, after);
      if (!splice) return;
      const position = Math.min(raw, before.length);
      const moved = movedPosition(position, splice);
      expect(moved).toBeGreaterThanOrEqual(0);
      expect(moved).toBeLessThanOrEqual(after.length);
      if (position <= splice.index) expect(after.slice(0, moved)).toBe(before.slice(0, position));
      else if (position >= splice.index + splice.removed.length) expect(after.slice(moved)).toBe(before.slice(position));
    }));
  });
});

describe('rebasedSplice', () => {
  test('applies to the current text and keeps all that is inserted on either side', () => {
    fc.assert(fc.property(text, text, text, (base, mine, theirs) => {
      const local = smallestSplice(base, mine);
      const remote = smallestSplice(base, theirs);
      if (!local || !remote) return;
      const splice = rebasedSplice(local, remote, theirs);
      expect(theirs.slice(splice.index, splice.index + splice.removed.length)).toBe(splice.removed);
      expect(splice.inserted).toBe(local.inserted);
      expect(applySplice(theirs, splice).length).toBe(theirs.length - splice.removed.length + local.inserted.length);
    }));
  });

  test('moves an edit behind what was inserted in front of it', () => {
    expect(rebasedSplice({ index: 4, removed: 'x', inserted: 'y' }, { index: 0, removed: '', inserted: '>> ' }, '>> abcdx')).toEqual({ index: 7, removed: 'x', inserted: 'y' });
  });

  test('spares text that came into the removed range unseen', () => {
    expect(rebasedSplice({ index: 0, removed: 'abcd', inserted: '' }, { index: 2, removed: '', inserted: 'NEW' }, 'abNEWcd')).toEqual({ index: 0, removed: 'ab', inserted: '' });
  });
});

describe('displayedText', () => {
  test('has one code unit for each of the text and no carriage return', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n')).map((parts) => parts.join('')), (raw) => {
      const shown = displayedText(raw);
      expect(shown.length).toBe(raw.length);
      expect(shown).not.toContain('\r');
    }));
  });
});
