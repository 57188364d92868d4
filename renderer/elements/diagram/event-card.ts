/**
 * The card of an event: what was done, what became of it, what it had seen. Its exact names only where they
 * are asked for.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Cone } from '../../../shared/analysis/space-time/cones.ts';
import type { Mark, Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { icon } from '../parts/icon.ts';
import { replicaDot } from '../parts/replica-dot.ts';
import { markFateText, whatText } from './event-words.ts';

export interface CardOptions {
  readonly timeline: Timeline;
  readonly mark: Mark;
  readonly strategy: StrategyId | null;
  /** Whether what became of it was so at the moment that is shown. */
  readonly isDecided: boolean;
  readonly cone: Cone;
  /** Whether it stays until it is closed; else it goes with the pointer. */
  readonly isSticky: boolean;
  readonly hasClocks: boolean;
  readonly toggleClocks: () => void;
}

export function eventCard({
  timeline,
  mark,
  strategy,
  isDecided,
  cone,
  isSticky,
  hasClocks,
  toggleClocks,
}: CardOptions): TemplateResult {
  const said = isDecided ? markFateText(timeline, mark, strategy) : '';
  const isLost = said.startsWith('Lost');
  return html`<div class="card ${isSticky ? 'sticky' : 'passing'}" role="group" aria-label="Event">
    <p class="what">${replicaDot(timeline.lanes[mark.lane]!)} <b>${whatText(mark)}</b>
      ${hasClocks && mark.isHere ? html`<span class="mono clock">${mark.dots} ${mark.clock}</span>` : nothing}</p>
    ${said === '' ? nothing : html`<p class="fate ${isLost ? 'lost' : ''}">${isLost ? icon('cross') : nothing} ${said}</p>`}
    <p class="cone"><span><i class="past"></i>had seen ${cone.hadSeen}</span><span><i class="future"></i>seen by ${cone.seenBy}</span><span><i class="beside"></i>concurrent ${cone.concurrent}</span>
      ${isSticky ? html`<button type="button" class="btn plain" aria-pressed=${hasClocks ? 'true' : 'false'} @click=${toggleClocks}>Clocks</button>` : nothing}</p>
  </div>`;
}
