import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JUnitSuite, junitReport } from '../../../../server/cli/run/junit-report.ts';
import { parseXml } from '../../../support/strict-xml.ts';

test('suites and cases, with what was wrong and what nobody can tell, counted', () => {
  const report = junitReport([
    { name: 'one', seconds: 1.23456, cases: [{ name: 'a', failure: null, error: null }, { name: 'b', failure: 'wrong\nand why', error: null }] },
    { name: 'two', seconds: 0, cases: [{ name: 'c', failure: null, error: 'who knows' }] },
  ]);
  expect(parseXml(report)).toEqual({
    name: 'testsuites', attributes: { tests: '3', failures: '1', errors: '1' }, children: [
      { name: 'testsuite', attributes: { name: 'one', tests: '2', failures: '1', errors: '0', time: '1.235' }, children: [
        { name: 'testcase', attributes: { classname: 'one', name: 'a' }, children: [] },
        { name: 'testcase', attributes: { classname: 'one', name: 'b' }, children: [{ name: 'failure', attributes: { message: 'wrong\nand why' }, children: [] }] },
      ] },
      { name: 'testsuite', attributes: { name: 'two', tests: '1', failures: '0', errors: '1', time: '0.000' }, children: [
        { name: 'testcase', attributes: { classname: 'two', name: 'c' }, children: [{ name: 'error', attributes: { message: 'who knows' }, children: [] }] },
      ] },
    ],
  });
});

test('is well formed whatever the texts, and says them again but for what XML cannot', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((codes) => String.fromCharCode(...codes)), fc.constantFrom('<![CDATA[', ']]>', '&#0;', '-->', '\r\n', '\ufffe'));
  const said = (name: string): string => name.replaceAll(/[^\t\n\u{20}-\u{7e}\u{80}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');
  const suites = fc.uniqueArray(fc.record({ name: text, seconds: fc.double({ min: 0, max: 1e6, noNaN: true }), cases: fc.array(fc.record({ name: text, failure: fc.option(text), error: fc.option(text) }), { maxLength: 3 }) }), { maxLength: 3, selector: ({ name }) => said(name) });
  fc.assert(fc.property(suites, (given: JUnitSuite[]) => {
    const { children } = parseXml(junitReport(given));
    expect(children.map(({ attributes }) => attributes['name'])).toEqual(given.map(({ name }) => said(name)));
  }), { numRuns: 500 });
});

test('names are there once: what has one that was there already gets a number', () => {
  const cases = ['a', 'b', 'a', 'a'].map((name) => ({ name, failure: null, error: null }));
  const { children } = parseXml(junitReport([{ name: 'one', seconds: 0, cases }, { name: 'one', seconds: 0, cases }]));
  expect(children.map(({ attributes }) => attributes['name'])).toEqual(['one', 'one (2)']);
  for (const suite of children) expect(suite.children.map(({ attributes }) => attributes['name'])).toEqual(['a', 'b', 'a (2)', 'a (3)']);
});
