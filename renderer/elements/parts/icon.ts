/** Small drawings beside words, in the colour of the text around them. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const drawings = {
  check: svg`<path d="M2 6.5 4.8 9.2 10 3.2"/>`,
  cross: svg`<path d="m3 3 6 6M9 3 3 9"/>`,
  warn: svg`<path d="M6 1.5 11 10.3H1zM6 4.8v2.4M6 8.8v.1"/>`,
  wait: svg`<circle cx="6" cy="6" r="4.7"/><path d="M6 3.4V6l1.7 1.2"/>`,
  cut: svg`<circle cx="3" cy="9" r="1.6"/><circle cx="9" cy="9" r="1.6"/><path d="M4 7.7 8.5 1.5M8 7.7 3.5 1.5"/>`,
  play: svg`<path d="M3.5 2v8l6-4z" fill="currentColor" stroke="none"/>`,
  pause: svg`<path d="M4 2.5v7M8 2.5v7" stroke-width="2"/>`,
  step: svg`<path d="M3 2v8l5-4z" fill="currentColor" stroke="none"/><path d="M9.5 2.5v7"/>`,
  more: svg`<path d="M2 6h.01M6 6h.01M10 6h.01" stroke-width="2.2"/>`,
  down: svg`<path d="m3 4.5 3 3 3-3"/>`,
  plus: svg`<path d="M6 2.5v7M2.5 6h7"/>`,
  ask: svg`<path d="M3.9 4.2c.2-2.4 4-2.2 3.9.1C7.7 5.9 6 5.9 6 7.4M6 9.9v.1"/>`,
  rejoin: svg`<path d="M1 2.5C5 2.500 5 6 7 6h4M1 9.500C5 9.500 5 6 7 6"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="i" viewBox="0 0 12 12" aria-hidden="true">${drawings[name]}</svg>`;
}
