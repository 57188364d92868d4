/** What the scenario that is on stage says just now, in every window; its controls stay in the control room. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ScenarioView } from '../../../shared/control/scenario-view.ts';
import { scenarioAt, toldOf } from '../../controllers/scenario-moments.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { icon } from '../parts/icon.ts';
import { SessionElement } from '../parts/session-element.ts';

/** More steps have no dot each. */
const dotsMax = 12;

@customElement('scenario-caption')
export class ScenarioCaption extends SessionElement {
  static override styles = [controlStyles, css`
    :host { display: block; flex: none; }
    section { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px var(--s3); align-items: center; padding: 8px var(--s3); background: var(--ink); color: var(--on-ink); }
    .say { font-size: var(--t4); line-height: 1.25; font-weight: 500; text-wrap: balance; overflow-wrap: anywhere; }
    .dots { display: flex; gap: 4px; }
    .dots i { inline-size: 8px; block-size: 8px; border-radius: 4px; box-shadow: inset 0 0 0 1.5px currentColor; opacity: 0.7; }
    .dots i.on { background: currentColor; opacity: 1; }
    .dots i.now { inline-size: 20px; background: currentColor; opacity: 1; }
    .count { font-size: var(--t1); white-space: nowrap; }
    @media (max-width: 59.9988em) { .say { font-size: var(--t3); } section { padding: 6px var(--s2); } }
    @media (max-width: 37.4988em) { section { grid-template-columns: 1fr auto; } .say { grid-column: 1 / -1; grid-row: 2; } }
  `];

  protected override render(): TemplateResult | typeof nothing {
    const live = this.session?.scenario ?? null;
    const past = this.session?.past;
    if (!live) return nothing;
    const scenario = scenarioAt(live, past?.isShown ? past.atMs : null);
    return html`<section role="note" aria-label="Scenario">${dots(scenario)}<p class="say" aria-live="polite">${sentence(scenario)}</p><span class="count">${count(scenario)}</span></section>`;
  }
}

function sentence({ steps, begun, state, trouble, title, judgements }: ScenarioView): string {
  if (trouble !== null) return `${trouble.slice(0, 1).toUpperCase()}${trouble.slice(1)}`;
  if (state === 'judging') return 'Looking at what came of it…';
  if (state === 'over' && judgements.length > 0) return verdict(judgements);
  return toldOf({ steps, begun }) || title;
}

/** What was expected, and did not come true. */
function verdict(judgements: ScenarioView['judgements']): string {
  const held = judgements.filter(({ outcome }) => outcome === 'holds').length;
  const first = judgements.find(({ outcome }) => outcome !== 'holds');
  return first ? first.sentence : held === 1 ? 'What was expected came true.' : `All ${held} expectations came true.`;
}

function dots({ steps, begun, done, state }: ScenarioView): TemplateResult {
  if (steps.length > dotsMax) return html`<span>${icon('play')}</span>`;
  return html`<span class="dots" aria-hidden="true">${steps.map((_, at) => html`<i class=${at === begun - 1 && state !== 'over' ? 'now' : at < done ? 'on' : ''}></i>`)}</span>`;
}

function count({ steps, begun, state, judgements }: ScenarioView): string {
  if (state !== 'over' || judgements.length === 0) return `${begun} of ${steps.length}`;
  return `${judgements.filter(({ outcome }) => outcome === 'holds').length} of ${judgements.length} hold`;
}
