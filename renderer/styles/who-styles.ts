import { css } from 'lit';

/** A replica's letter on its colour: a disc, a ring from the seventh replica on, hollow for one that is not reached. */
export const whoStyles = css`
  .who {
    display: inline-grid; place-items: center; min-inline-size: 1rem; block-size: 1rem; padding: 0 2px; border-radius: 0.5rem; flex: none;
    font: 700 0.6875rem / 1 var(--font); background: var(--colour); color: var(--on-colour);
  }
  .who.ring { background: var(--surface); color: var(--ink); box-shadow: inset 0 0 0 2.5px var(--colour); }
  .who.hollow { background: none; color: var(--ink-2); box-shadow: inset 0 0 0 1.5px var(--edge); }
`;
