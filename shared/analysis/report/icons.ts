/** Small drawings of a report, in the colour of the text around them. */
import { markup, type Markup } from './markup.ts';

const drawings = {
  check: markup`<path d="M2 6.5 4.8 9.2 10 3.2"/>`,
  cross: markup`<path d="m3 3 6 6M9 3 3 9"/>`,
  warn: markup`<path d="M6 1.5 11 10.3H1zM6 4.8v2.4M6 8.8v.1"/>`,
  ask: markup`<path d="M3.9 4.2c.2-2.4 4-2.2 3.9.1C7.7 5.9 6 5.9 6 7.4M6 9.9v.1"/>`,
  fork: markup`<path d="M6 11V7.5M6 7.5C6 5 2.5 5.5 2.5 1.5M6 7.5C6 5 9.5 5.5 9.5 1.5"/>`,
  refused: markup`<circle cx="6" cy="6" r="4.6"/><path d="m2.8 9.200 6.400-6.400"/>`,
} as const satisfies Record<string, Markup>;

export type ReportIconName = keyof typeof drawings;

export function reportIcon(name: ReportIconName): Markup {
  return markup`<svg class="i" viewBox="0 0 12 12" aria-hidden="true">${drawings[name]}</svg>`;
}
