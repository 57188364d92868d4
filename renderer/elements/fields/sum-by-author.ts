/** A number as the sum that it is: what there was, and each author's steps on that author's line. "3 +2 +1" */
import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { FieldAuthors } from '../../../shared/analysis/authors.ts';
import { signed } from '../../../shared/analysis/phrases.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import { authorStyles } from '../../styles/author-styles.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { type AuthorLine, authorLine } from './author-line.ts';

export const sumStyles = [authorStyles, css`
  output { min-inline-size: 2ch; font-size: var(--number, var(--t4)); font-weight: 600; line-height: 1.15; }
  button { min-block-size: var(--control); padding: 0 8px; align-self: center; font-size: var(--t2); }
  button.plain { padding: 0 var(--s1); font-size: var(--t1); }
  /* Last in sight: it comes and goes while somebody presses, and buttons must stay under the pointer. */
  .sum { order: 1; display: var(--sums, inline-flex); gap: 5px; font-size: var(--t2); color: var(--ink-3); }
  .sum span { color: var(--ink); }
  /* Where the sum has no room, the number itself has the line of what is not everywhere yet. */
  output.waits {
    padding-block-end: var(--waits-line, 0);
    background: radial-gradient(circle at 1.25px 1.25px, var(--colour) 1.25px, transparent 1.6px) 0 100% / 4.5px var(--waits-line, 0) repeat-x;
  }
`];

/** For the number itself: whether part of it is not everywhere yet, and the colour of whose part. */
export function numberLine(authors: FieldAuthors | undefined): Pick<AuthorLine, 'classes' | 'style'> {
  const pending = authors?.kind === 'sum' ? authors.steps.find(({ author }) => author.isPending) : undefined;
  return pending ? { classes: 'waits', style: colourStyle(pending.author.replica) } : { classes: '', style: '' };
}

/** Nothing where nobody changed it, or where the steps are not those of the number that is shown. */
export function sumByAuthor(authors: FieldAuthors | undefined, shown: number): TemplateResult | typeof nothing {
  if (authors?.kind !== 'sum' || authors.value !== shown || authors.steps.length === 0) return nothing;
  const base = shown - authors.steps.reduce((sum, step) => sum + step.sum, 0);
  return html`<span class="sum">${valueText(base)}${authors.steps.map(({ author, sum }) => {
    const line = authorLine(author);
    return html` <span class=${line.classes} style=${line.style} data-author=${ifDefined(line.author)}>${signed(sum)}</span><span class="unseen"> ${line.spoken}</span>`;
  })}</span>`;
}
