/** A shape beside the words of a replica's state, so that it is told by more than colour and hatching. */
import { html, type TemplateResult } from 'lit';
import type { StatusKind } from '../../controllers/status-text.ts';

/** Scissors. */
const cut = html`<svg class="cut-icon" viewBox="0 0 12 12" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.3">
  <circle cx="3" cy="9" r="1.6"></circle><circle cx="9" cy="9" r="1.6"></circle><path d="M4 7.7 8.5 1.5M8 7.7 3.5 1.5"></path></svg>`;

const marks: Readonly<Record<StatusKind, string | TemplateResult>> = { offline: '⊘', connecting: '…', cut, saving: '↑', synced: '✓' };

export function statusMark(kind: StatusKind): TemplateResult {
  return html`<span class="mark" aria-hidden="true">${marks[kind]}</span>`;
}
