import { css } from 'lit';

/** Bars that stand under each other have equal columns; on narrow screens the name has a line of its own, and the levels wrap. */
export const verdictBarStyles = css`
  :host { display: block; }
  .bar { display: grid; grid-template-columns: 9rem minmax(0, 1fr); align-items: center; gap: var(--space-half) var(--space); }
  h3 { overflow-wrap: anywhere; line-height: 1.2; }
  ul { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: var(--space-half); }
  li { display: grid; min-width: 0; }
  button {
    display: flex; align-items: center; gap: var(--space-half); min-width: 0; padding: 2px 6px; border-color: transparent;
    font-size: var(--type-small); line-height: 1.15; text-align: start; white-space: normal;
  }
  .mark { flex: none; width: 1em; font-weight: 700; text-align: center; }
  .label { min-width: 0; overflow-wrap: break-word; hyphens: auto; }
  button.holds { background: var(--kept); color: var(--on-kept); }
  button.broken { background: var(--lost); color: var(--on-lost); }
  button.unknown { background: var(--surface); color: var(--text-quiet); border: 1px dashed var(--control-border); }
  button.holds:hover, button.broken:hover { border-color: currentColor; }
  button[aria-expanded='true'] { border: 1px solid currentColor; box-shadow: inset 0 -3px currentColor; }
  .detail {
    grid-column: 1 / -1; padding: var(--space-half) var(--space); border: 1px solid var(--line); border-radius: var(--radius);
    background: var(--surface); overflow-wrap: anywhere;
  }

  @media (max-width: 959.98px) {
    .bar { grid-template-columns: minmax(0, 1fr); }
    ul { grid-template-columns: repeat(auto-fill, minmax(min(7.5rem, 100%), 1fr)); }
  }
`;
