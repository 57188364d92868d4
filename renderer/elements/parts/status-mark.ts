/** A shape beside the words of a replica's state, so that it is told by more than colour and hatching. */
import { html, type TemplateResult } from 'lit';
import type { StatusKind } from '../../controllers/status-text.ts';
import { icon, type IconName } from './icon.ts';

const marks: Readonly<Record<StatusKind, IconName>> = { offline: 'offline', connecting: 'wait', cut: 'cut', saving: 'up', synced: 'check' };

export function statusMark(kind: StatusKind): TemplateResult {
  return html`<span class="mark ${kind}" aria-hidden="true">${icon(marks[kind])}</span>`;
}
