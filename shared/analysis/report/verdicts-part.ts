/** How consistent each strategy was: the strongest promise that held, the first that broke with its witness, and what was answered while cut. */
import { strategyNames } from '../../strategies/registry.ts';
import { counted, listOf } from '../phrases.ts';
import { type Level, levels } from '../verdicts/levels.ts';
import type { Verdicts } from '../verdicts/verdicts.ts';
import { markup, type Markup } from './markup.ts';
import type { Report } from './report.ts';

/** Strategies of which the same is to be said stand together. */
export function verdictsPart({ scorecard, verdicts }: Report): Markup {
  const groups = new Map<string, { readonly names: string[]; readonly words: Markup }>();
  for (const { strategy, whileCut } of scorecard) {
    const judged = verdicts[strategy];
    const cut = whileCut ? ` Answered ${whileCut.answered} of ${counted(whileCut.actions, 'edit')} at ${listOf(whileCut.replicas)} while cut off.` : '';
    const words = markup`${judged ? sentenceOf(judged) : 'Not judged.'}${cut}`;
    const known = groups.get(words.text);
    if (known) known.names.push(strategyNames[strategy]);
    else groups.set(words.text, { names: [strategyNames[strategy]], words });
  }
  return markup`<dl>${[...groups.values()].map(({ names, words }) => markup`<dt>${names.join(', ')}</dt><dd>${words}</dd>
`)}</dl>`;
}

function sentenceOf({ levels: found, strongest }: Verdicts): Markup {
  const weakest = [...levels].reverse();
  const broken = weakest.find((level) => level !== 'eventual' && found[level].verdict === 'broken');
  const unknown = weakest.find((level) => level !== 'eventual' && found[level].verdict === 'unknown');
  const held = strongest && strongest !== 'eventual' ? markup`<b>${plain(strongest)}</b> held` : markup`no promise beyond eventual is known to have held`;
  const parts = [held, ...[broken ?? unknown].flatMap((level) => (level ? [stateOf(level, found)] : [])), ...(found.eventual.verdict === 'broken' ? [stateOf('eventual', found)] : [])];
  return markup`${parts.map((part, at) => markup`${at > 0 ? '; ' : ''}${part}`)}${parts.length === 1 ? '.' : ''}`;
}

function stateOf(level: Level, found: Verdicts['levels']): Markup {
  const verdict = found[level];
  if (verdict.verdict === 'broken') return markup`<b>${plain(level)}</b> broken: ${verdict.witness.sentence}`;
  return markup`<b>${plain(level)}</b> not known${verdict.verdict === 'unknown' ? `: ${verdict.reason}` : ''}`;
}

function plain(level: Level): string {
  return level.replaceAll('-', ' ');
}
