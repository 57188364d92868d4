/** A report is one HTML file: complete, small, without scripts, and whatever people wrote stands in it as text. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spaceTimeFigure } from '../../../../shared/analysis/report/space-time-svg.ts';
import { TimeScale } from '../../../../shared/analysis/report/time-scale.ts';
import { escaped, markup } from '../../../../shared/analysis/report/markup.ts';
import { type Report, shellWord } from '../../../../shared/analysis/report/report.ts';
import { reportHtml } from '../../../../shared/analysis/report/report-html.ts';
import { darkTokens, lightTokens } from '../../../../shared/analysis/report/report-styles.ts';
import { roomLedger } from '../../../../shared/analysis/room-ledger.ts';
import { historyVerdicts } from '../../../../shared/analysis/history-verdicts.ts';
import { defaultSettings } from '../../../../shared/control/lab-settings.ts';
import { inCausalOrder } from '../../../../shared/history/causal-order.ts';
import { strategyIds } from '../../../../shared/history/record.ts';
import { reportOfRun } from '../../../../server/cli/run/report-of-run.ts';
import { apartHistory } from '../../../support/apart-history.ts';
import { played } from '../../../support/played-scenario.ts';
import { parseXml } from '../../../support/strict-xml.ts';
import { projectRoot } from '../../../tidy/source-files.ts';

async function reportOf(steps: readonly string[], more = ''): Promise<Report> {
  return reportOfRun({ file: 'trip.yaml', checked: await played(steps, more), seconds: 1 });
}

const apart = ['{ at: A, increment: votes }', 'wait: 1 s', 'offline: C', 'wait: 1 s', '{ at: C, set: { title: Rome } }', '{ at: A, set: { title: Oslo } }', '{ at: A, reserve: { seats: 2 } }', '{ at: C, reserve: { seats: 2 } }', 'wait: 20 s', 'online: C', 'wait: 5 s'];

/** What people see of markup: its text, without styles. */
function textOf(html: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html.replace(/<style>[^]*?<\/style>/, '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/&(#?\w+);/g, (_, name: string) => entities[name]!).replaceAll(/\s+/g, ' ');
}

describe('a report', () => {
  test('says what it cost, what was lost to whom, how consistent it was, and how to repeat it', async () => {
    const html = reportHtml(await reportOf(apart, 'expect:\n  last-writer-wins:\n    lost: 0\n'));
    const text = textOf(html);
    expect(text).toContain('broken: 1 of 1 expectation trip.yaml seed 1 3 replicas');
    expect(text).toMatch(/5 edits\. Last writer wins lost 2 of 5, and told nobody; oversold 1\./);
    expect(text).toMatch(/Last writer wins: 2 lost, oversold 1/);
    expect(text).toMatch(/A's “Oslo” \(A:2\) was lost to C's[^.]*“Rome” \(C:1\)[^.]*\. .* (A:2 ∥ C:1|C:1 ∥ A:2)|C's “Rome” \(C:1\) was lost to A's[^.]*“Oslo” \(A:2\)[^.]*\. .* (A:2 ∥ C:1|C:1 ∥ A:2)/);
    expect(text).toMatch(/Quorum, Consensus, Single leader linearizable held\. Answered 0 of 2 edits at C while cut off\./);
    expect(text).toContain('npx rejoin run trip.yaml ✗ expect.last-writer-wins.lost: Last writer wins: lost is 2; 0 was expected');
    expect(text).toMatch(/C was cut off for 2\d s/);
  });

  test('has no scripts, and asks for nothing from elsewhere', async () => {
    const html = reportHtml(await reportOf(apart));
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|javascript:|@import|\son\w+\s*=|https?:/i);
    expect([...html.matchAll(/url\(([^)]*)\)/g)].map(([, address]) => address)).toEqual(expect.arrayContaining(['#hatch']));
    expect([...html.matchAll(/url\(([^)]*)\)/g)].every(([, address]) => address!.startsWith('#'))).toBe(true);
    expect(html).toContain("default-src 'none'");
  });

  test('nobody did anything: it is a report all the same', async () => {
    const text = textOf(reportHtml(await reportOf(['wait: 1 s'])));
    expect(text).toContain('Nobody edited anything.');
    expect(text).toContain('Nothing was lost, refused or left to a person under any strategy.');
  });

  test('the drawing is well-formed, and has a shape for each action and hatching for each cut', async () => {
    const figure = spaceTimeFigure(await reportOf(apart)).text;
    const drawing = figure.replace(/^[^]*?(<svg[^]*?<\/svg>)[^]*/, '$1');
    // The parser knows elements alone.
    expect(parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${drawing.replaceAll(/>[^<]+</g, '><')}`).name).toBe('svg');
    expect(figure.match(/class="e r[a-f][^"]*" (x|transform)=/g)).toHaveLength(5);
    expect(figure.match(/class="e r[a-f] gone"/g)).toHaveLength(2);
    expect(figure.match(/fill="url\(#hatch\)"/g)).toHaveLength(1);
    expect(figure).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('whatever people wrote is text', () => {
  const nasty = `<script>alert(1)</script> "'& </title></style> \u0007\u202e\u200f`;

  test('titles, values, files and names of fields', async () => {
    const report = await reportOf(['offline: C', '{ at: A, set: { title: "<script>alert(1)</script>" } }', `{ at: C, set: { title: "\\"'&</title>\\e\\u202E" } }`, 'wait: 3 s', 'online: C', 'wait: 5 s']);
    const html = reportHtml({ ...report, title: nasty, facts: [nasty], again: [nasty], schema: report.schema.map((field) => ({ ...field, label: nasty })) });
    expect(html).not.toMatch(/<script/);
    expect(html.match(/<\/title>/g)!.length).toBe(1 + (html.match(/<title>/g)!.length - 1));
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(textOf(html)).toContain(String.raw`<script>alert(1)</script> "'& </title></style> \u0007\u202e\u200f`);
  });

  test('any text is what it was, once it is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(escaped(text)).not.toMatch(/[<>"']/);
      expect(markup`<b title="${text}">${text}</b>`.text).toBe(`<b title="${escaped(text)}">${escaped(text)}</b>`);
    }));
    expect(escaped('👨‍👩‍👧 שלום \ud83d')).toBe('👨‍👩‍👧 שלום \\ud83d');
  });

  test('a file is one word of a shell', () => {
    expect([shellWord('a/b-1.yaml'), shellWord("it's $(x).yaml"), shellWord('')]).toEqual(['a/b-1.yaml', String.raw`'it'\''s $(x).yaml'`, "''"]);
  });
});

test('a thousand edits make less than 300 kB', () => {
  const { schema, records, doc, everywhere } = apartHistory(2_100, 7);
  const ledger = roomLedger(schema, records, doc, everywhere, { siblings: defaultSettings.siblings, enabled: strategyIds });
  expect(ledger.rows.length).toBeGreaterThan(1_000);
  const verdicts = historyVerdicts({ schema, records, events: [] }, strategyIds, { stepsMax: 1_000, operationsMax: 100 });
  const scorecard = ledger.totals.map((totals) => ({ ...totals, converged: null }));
  const html = reportHtml({ title: 'A thousand', result: null, facts: [], schema, strategies: strategyIds, records: inCausalOrder(records), events: [], ledger, scorecard, verdicts, again: [] });
  console.log(`a report of ${ledger.rows.length} edits: ${Math.round(Buffer.byteLength(html) / 1_000)} kB`);
  expect(Buffer.byteLength(html)).toBeLessThan(300_000);
  expect(html).toContain('And ');
});

test('time runs on: what is later stands further right, and what is alone has the middle', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 2, maxLength: 60 }), (times) => {
    const scale = new TimeScale(times, 10, 900);
    const places = [...times].sort((a, b) => a - b).map((ms) => scale.xOf(ms));
    for (const [at, x] of places.entries()) expect(x).toBeGreaterThanOrEqual(Math.max(10, places[at - 1] ?? 10) - 1e-9);
    if (new Set(times).size > 1) expect([places[0], places.at(-1)!.toFixed(6)]).toEqual([10, '900.000000']);
  }));
  expect(new TimeScale([5, 5], 10, 20).xOf(5)).toBe(15);
});

test('colours are those of the windows', () => {
  const css = readFileSync(`${projectRoot}renderer/styles/tokens.css`, 'utf8');
  const [light, dark] = [css.slice(0, css.indexOf('@media screen')), css.slice(css.indexOf('@media screen'), css.indexOf('/* Letters'))];
  const value = (text: string, name: string): string | undefined => new RegExp(`\\s${name}: ([^;]+);`).exec(text)?.[1];
  for (const [tokens, text] of [[lightTokens, light], [darkTokens, dark]] as const) {
    for (const [name, colour] of Object.entries(tokens)) expect([name, colour]).toEqual([name, value(text, name)]);
  }
});
