import { css } from 'lit';

export const reviewStyles = css`
  :host { display: flex; flex-direction: column; min-height: 0; container-type: inline-size; }
  section { flex: 1 1 auto; display: flex; flex-direction: column; min-height: 0; border-block-start: 2px solid var(--control-border); background: var(--page); }
  .summary { display: flex; align-items: flex-start; gap: var(--space); padding: var(--space-half) var(--space); flex: none; }
  .words { flex: 1; }
  h2, .totals { display: inline; }
  h2 { font-weight: 700; white-space: nowrap; margin-inline-end: var(--space); }
  .totals > * { margin-inline-end: var(--space); }
  .whole { white-space: nowrap; }
  .fold { min-height: 24px; }
  .invitation, .survived { padding: 0 var(--space) var(--space); color: var(--text-quiet); }
  .survived { color: var(--text); }
  .invitation b { color: var(--text); }
  .step {
    display: inline-block; width: 1.25em; height: 1.25em; line-height: 1.25em; border-radius: 50%; text-align: center;
    font-size: var(--type-small); font-weight: 700; background: var(--noted); color: var(--on-noted);
  }
  .entries { overflow: auto; min-height: 0; border-block-start: 1px solid var(--line); background: var(--surface); }
  li {
    display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: var(--space-2); row-gap: 2px; align-items: center;
    padding: 6px var(--space); border-block-end: 1px solid var(--line);
  }
  .sentence { overflow-wrap: anywhere; }
  .facts { display: flex; flex-wrap: wrap; gap: 2px var(--space); align-items: center; grid-column: 1; }
  .facts .chip { white-space: normal; }
  .clock { padding-inline-start: 5px; border-inline-start: 4px solid; }
  .preview { display: flex; flex-wrap: wrap; gap: 2px var(--space); grid-column: 1; color: var(--text-quiet); overflow-wrap: anywhere; }
  .preview b { color: var(--text); font-weight: 600; }
  .copied { padding: 0 var(--space); overflow-wrap: anywhere; }
  .copied:empty { display: none; }
  .actions { display: flex; gap: var(--space-half); grid-column: 2; grid-row: 1 / span 3; }
  .more { margin: var(--space); }

  /* Tiled windows: every line counts, so the buttons stand beside the facts. */
  @media (max-width: 899.98px), (max-height: 599.98px) {
    li { padding: var(--space-half) var(--space); }
    .sentence { grid-column: 1 / -1; line-height: 1.3; }
    .actions { grid-row: 2; }
    .actions button { min-height: 24px; }
  }
  @media (max-width: 559.98px) {
    .strategy { display: block; }
    li { grid-template-columns: minmax(0, 1fr); }
    .actions { grid-column: 1; grid-row: auto; padding-block-start: 2px; }
  }
  /* Beside the columns. */
  @container (max-width: 420px) {
    li { grid-template-columns: minmax(0, 1fr); }
    .actions { grid-column: 1; grid-row: auto; }
  }
  @media (min-width: 900px) and (min-height: 600px) {
    .summary { padding: 6px var(--space-2); }
    .invitation, .survived { padding: 0 var(--space-2) var(--space); }
    li { padding: var(--space) var(--space-2); }
  }
`;
