/** Small drawings beside words, in the colour of the text around them. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const drawings = {
  check: svg`<path d="M2 6.5 4.8 9.2 10 3.2"/>`,
  cross: svg`<path d="m3 3 6 6M9 3 3 9"/>`,
  warn: svg`<path d="M6 1.5 11 10.3H1zM6 4.8v2.4M6 8.8v.1"/>`,
  wait: svg`<circle cx="6" cy="6" r="4.7"/><path d="M6 3.4V6l1.7 1.2"/>`,
  cut: svg`<circle cx="3" cy="9" r="1.6"/><circle cx="9" cy="9" r="1.6"/><path d="M4 7.7 8.5 1.5M8 7.7 3.5 1.5"/>`,
  offline: svg`<path d="M1.2 4.9a6.8 6.8 0 0 1 9.6 0M3.3 7.1a3.8 3.8 0 0 1 5.4 0M6 9.4v.1M2.4 10.6 9.6 1.4"/>`,
  play: svg`<path d="M3.5 2v8l6-4z" fill="currentColor" stroke="none"/>`,
  pause: svg`<path d="M4 2.5v7M8 2.5v7" stroke-width="2"/>`,
  step: svg`<path d="M3 2v8l5-4z" fill="currentColor" stroke="none"/><path d="M9.5 2.5v7"/>`,
  stepBack: svg`<path d="M9 2v8L4 6z" fill="currentColor" stroke="none"/><path d="M2.5 2.5v7"/>`,
  more: svg`<path d="M2 6h.01M6 6h.01M10 6h.01" stroke-width="2.2"/>`,
  down: svg`<path d="m3 4.5 3 3 3-3"/>`,
  fork: svg`<path d="M6 11V7.5M6 7.5C6 5 2.5 5.5 2.5 1.5M6 7.5C6 5 9.5 5.5 9.5 1.5"/>`,
  touch: svg`<path d="M1 3v6M11 3v6M1.5 6H5M11 6H7M3.6 4.3 5.2 6 3.6 7.7M8.4 4.3 6.8 6l1.6 1.7"/>`,
  back: svg`<path d="M4 2 1.8 4.2 4 6.4M2 4.2h4.8a3 3 0 0 1 0 6H4.5"/>`,
  up: svg`<path d="M6 10V2.5M3 5.3 6 2.3l3 3"/>`,
  again: svg`<path d="M10 6a4 4 0 1 1-1.3-3M10 1.5v2.3H7.7"/>`,
  right: svg`<path d="m4.5 3 3 3-3 3"/>`,
  plus: svg`<path d="M6 2.5v7M2.5 6h7"/>`,
  ask: svg`<path d="M3.9 4.2c.2-2.4 4-2.2 3.9.1C7.7 5.9 6 5.9 6 7.4M6 9.9v.1"/>`,
  refused: svg`<circle cx="6" cy="6" r="4.6"/><path d="m2.9 9.1 6.2-6.2"/>`,
  unknown: svg`<circle cx="6" cy="6" r="4.8" stroke-dasharray="2 1.6"/><path d="M4.7 4.7c.2-1.6 2.8-1.4 2.6.1C7.2 5.7 6 5.7 6 6.9M6 8.7v.1"/>`,
  rejoin: svg`<path d="M1 2.5C5 2.500 5 6 7 6h4M1 9.500C5 9.500 5 6 7 6"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof drawings;

export function icon(name: IconName): TemplateResult {
  return html`<svg class="i" viewBox="0 0 12 12" aria-hidden="true">${drawings[name]}</svg>`;
}
