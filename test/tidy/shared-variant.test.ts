/** Variants of the program find their place however the source is formatted. */
import { describe, expect, test } from 'vitest';
import { changedSource, loadShared, type Variant } from '../support/shared-variant.ts';

const variant = (find: string, put: string): Variant => ({ name: 'v', file: 'f.ts', find, put });

describe('a place of a source is changed', () => {
  test.each([
    ['as it stands there', 'const a = f(b, c);', 'f(b, c)', 'const a = g();'],
    ['on several lines', 'const a = f(\n  b,\n  c,\n);', 'f(b, c)', 'const a = g();'],
    ['on one line', 'const a = f(b, c);', 'f(\n  b,\n  c,\n)', 'const a = g();'],
    ['and what is around it stays', ' a ;\n\n  b ;\n c ;', 'b;', ' a ;\n\n  g()\n c ;'],
    ['of which only an inner part is spaced', 'x=>f( b,c )', 'f(b, c)', 'x=>g()'],
  ])('%s', (_, source, find, expected) => {
    expect(changedSource(source, variant(find, 'g()'))).toBe(expected);
  });

  test('to nothing, and to something with its own spaces', () => {
    expect(changedSource('a;  b;  c;', variant('b;', ''))).toBe('a;    c;');
    expect(changedSource('a;b;c;', variant('b;', 'if (x) b;'))).toBe('a;if (x) b;c;');
  });

  test('with signs that a pattern would read otherwise', () => {
    expect(changedSource('a.*b $1', variant('.*', "$&'"))).toBe("a$&'b $1");
  });
});

describe('a place that is not there once is an error', () => {
  test.each([
    ['f(a, b);', 'f(a,c)', 0],
    ['f(a);\nf( a );', 'f(a)', 2],
    ['f(a,\n  b);', 'f(a b)', 0],
    ['a = 1;', ' \n', 0],
  ])('in %j: %j', (source, find, times) => {
    expect(() => changedSource(source, variant(find, ''))).toThrow(
      `v: "${find}" is ${times} times in f.ts; it has to be there once`,
    );
  });

  test('a place that overlaps itself too', () => {
    expect(() => changedSource('f(a)(a)(a)', variant('(a)(a)', ''))).toThrow('to be there once');
  });
});

test('only the program with the change has it', () => {
  const change = {
    name: 'dots have no counter',
    file: 'shared/clocks/dot.ts',
    find: '`${dot.replica}:${dot.counter}`',
    put: 'dot.replica',
  };
  const keyIn = (variant: Variant | null): unknown => {
    const { dotKey } = loadShared(variant)('shared/clocks/dot.ts') as {
      dotKey: (dot: { replica: string; counter: number }) => string;
    };
    return dotKey({ replica: 'A', counter: 1 });
  };
  expect([keyIn(change), keyIn(null)]).toEqual(['A', 'A:1']);
});
