/** A field's value where nobody can change it, on its authors' lines, as the field's own control shows it. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Author, FieldAuthors } from '../../../shared/analysis/authors.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { FieldSpec, FieldValue, ListItem } from '../../../shared/document/schema.ts';
import { icon } from '../parts/icon.ts';
import { authorLine } from './author-line.ts';
import { sumByAuthor } from './sum-by-author.ts';
import { displayedText } from './text-binding.ts';
import { runsOfText } from './text-runs.ts';

export const readOnlyStyles = css`
  .read { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px var(--s2); font-size: var(--value, var(--t3)); line-height: 1.35; overflow-wrap: anywhere; }
  .read.text { display: block; max-block-size: calc(1.35em * 8 + 4px); overflow: auto; white-space: pre-wrap; scrollbar-width: thin; }
  .read:is(ul, ol) { gap: 1px 12px; margin: 0; padding: 0; list-style: none; }
  .read li { display: inline-flex; gap: 4px; align-items: baseline; min-inline-size: 0; }
  .read .n { font-size: var(--t1); color: var(--ink-3); }
  .read output.broken { color: var(--lost); }
  .read .empty { color: var(--ink-3); }
`;

/** `authors`: as far as they are known. */
export function readOnlyValue(spec: FieldSpec, value: FieldValue, authors: FieldAuthors | undefined): TemplateResult {
  switch (spec.type) {
    case 'register': {
      const author = authors?.kind === 'value' && authors.value === value ? authors.author : null;
      return html`<p class="read" aria-label=${spec.label} role="group">${lined(valueText(value), author)}</p>`;
    }
    case 'text': return textValue(spec, value as string, authors);
    case 'counter':
    case 'stock': {
      const number = value as number;
      return html`<p class="read"><output aria-label=${spec.label} class=${spec.type === 'stock' && number < 0 ? 'broken' : ''}>${valueText(number)}</output>${sumByAuthor(authors, number)}</p>`;
    }
    case 'set': return setValue(spec, value as readonly string[], authors);
    case 'list': return listValue(spec, value as readonly ListItem[], authors);
  }
}

function lined(text: string, author: Author | null | undefined): TemplateResult {
  const line = authorLine(author);
  const spoken = line.spoken === '' ? nothing : html`<span class="unseen"> ${line.spoken}</span>`;
  return html`<span class=${line.classes} style=${line.style} data-author=${ifDefined(line.author)}>${text}</span>${spoken}`;
}

function textValue(spec: FieldSpec, value: string, authors: FieldAuthors | undefined): TemplateResult {
  if (value === '') return html`<p class="read text empty" aria-label=${spec.label} role="group">${valueText(value)}</p>`;
  const runs = authors?.kind === 'text' ? runsOfText(authors, value) : [{ length: value.length, author: null }];
  const text = displayedText(value);
  let at = 0;
  const parts = runs.map(({ length, author }) => lined(text.slice(at, (at += length)), author));
  return html`<p class="read text" aria-label=${spec.label} role="group">${parts}</p>`;
}

function setValue(spec: FieldSpec, value: readonly string[], authors: FieldAuthors | undefined): TemplateResult {
  if (value.length === 0) return html`<p class="read empty" aria-label=${spec.label} role="group">${valueText(value)}</p>`;
  const parts = authors?.kind === 'parts' ? authors.parts : {};
  return html`<ul class="read" role="list" aria-label=${spec.label}>${value.map((element) => html`<li>${lined(element, parts[element]?.author)}</li>`)}</ul>`;
}

function listValue(spec: FieldSpec, value: readonly ListItem[], authors: FieldAuthors | undefined): TemplateResult {
  if (value.length === 0) return html`<p class="read empty" aria-label=${spec.label} role="group">${valueText(value)}</p>`;
  const parts = authors?.kind === 'parts' ? authors.parts : {};
  return html`<ol class="read" role="list" aria-label=${spec.label}>${value.map(({ id, label, done }, at) => html`<li><span class="n">${at + 1}</span>
    <span role="img" aria-label=${done ? 'done' : 'not done'}>${done ? '☑' : '☐'}</span> ${lined(label, parts[id]?.author)}${parts[id]?.isMoved ? html`<span role="img" aria-label="moved">${icon('up')}</span>` : nothing}</li>`)}</ol>`;
}
