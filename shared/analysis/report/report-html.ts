/**
 * A report: one HTML file that says what a run, a replay or a room came to. A pure function of what was judged.
 *
 * Guarantees: no scripts, nothing from elsewhere, so that it opens without a network; whatever people wrote stands there as text (markup.ts); light or dark on screens,
 * light on paper. Long lists are cut, and say so: it stays below 300 kB for a thousand edits.
 */
import { strategyNames } from '../../strategies/registry.ts';
import { brokenRuleTexts, costSentence } from '../cost-sentences.ts';
import { counted, listOf } from '../phrases.ts';
import type { ScorecardRow } from '../scorecard-csv.ts';
import { reportIcon } from './icons.ts';
import { lossesPart } from './losses-part.ts';
import { markup, type Markup } from './markup.ts';
import type { Report } from './report.ts';
import { reportStyles } from './report-styles.ts';
import { scorecardPart } from './scorecard-part.ts';
import { spaceTimeFigure } from './space-time-svg.ts';
import { verdictsPart } from './verdicts-part.ts';

const styles = markup`<style>${stylesAsMarkup()}</style>`;

export function reportHtml(report: Report): string {
  const { title, again } = report;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${title}: Rejoin report</title>
${styles}</head><body><main>
<header><p class="facts">${resultOf(report)}${report.facts.map((fact) => markup`<span>${fact}</span>`)}</p><h1>${title}</h1><p class="lead">${leadOf(report)}</p></header>
${section('cost', 'What it cost', scorecardPart(report.scorecard))}
${section('happened', 'What happened', spaceTimeFigure(report))}
${section('lost', 'What was lost, and to whom', markup`<div class="losses">${lossesPart(report)}</div>`)}
${section('consistency', 'Consistency, with the first break', verdictsPart(report))}
${section('again', 'Run it again', markup`<pre>${again.join('\n')}</pre>`)}
<footer>Made by Rejoin. One file: nothing is loaded from elsewhere.</footer>
</main></body></html>
`.text;
}

/** Ours, without anything that people wrote. */
function stylesAsMarkup(): Markup {
  return markup(Object.assign([reportStyles], { raw: [reportStyles] }));
}

function section(id: string, name: string, content: Markup): Markup {
  return markup`<section class="${id}" aria-labelledby="${id}"><h2 id="${id}">${name}</h2>${content}</section>`;
}

function resultOf({ result }: Report): Markup | null {
  if (!result) return null;
  const { outcome, words } = result;
  return markup`<span class="result ${outcome}">${reportIcon(outcome === 'holds' ? 'check' : outcome === 'broken' ? 'cross' : 'ask')} ${words}</span>`;
}

/** The strategies from the one that lost most; those of which the same is to be said together. */
function leadOf({ scorecard }: Report): string {
  if (scorecard.every(({ actions }) => actions === 0)) return 'Nobody edited anything.';
  const sentences = new Map<string, string[]>();
  for (const row of [...scorecard].sort((a, b) => b.lost - a.lost)) {
    const sentence = clauseOf(row);
    sentences.set(sentence, [...(sentences.get(sentence) ?? []), strategyNames[row.strategy]]);
  }
  const most = scorecard.reduce((largest, { actions }) => Math.max(largest, actions), 0);
  return [`${counted(most, 'edit')}.`, ...[...sentences].map(([sentence, names]) => `${listOf(names)} ${sentence}.`)].join(' ');
}

/** "lost 6 of 16, and told nobody; oversold 1" */
function clauseOf(row: ScorecardRow): string {
  const cost = costSentence(row).replace(/\.$/, '');
  return [cost.slice(0, 1).toLowerCase() + cost.slice(1), ...brokenRuleTexts(row)].join('; ');
}
