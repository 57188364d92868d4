import { css } from 'lit';

/** A bar of ink: what is on it, and what can be pressed there. */
export const inkStyles = css`
  .ink { background: var(--ink); color: var(--on-ink); }
  .ink :is(button, .btn, select) { background-color: transparent; color: inherit; border: 1px solid color-mix(in srgb, currentColor 55%, transparent); }
  .ink :is(button, .btn):hover:not(:disabled) { background-color: color-mix(in srgb, currentColor 15%, transparent); }
  .ink button[aria-pressed='true'], .ink button[aria-pressed='true']:hover:not(:disabled) { background-color: var(--on-ink); color: var(--ink); }
  .ink :focus-visible { outline-color: var(--on-ink); }
`;
