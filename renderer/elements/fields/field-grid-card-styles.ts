import { css } from 'lit';

/** Cards instead of a table. */
export const gridCardStyles = css`
  /* Cards: one a field, a row a strategy. */
  .cards { column-gap: var(--s2); padding: 0 var(--s2) var(--s2); background: var(--page); }
  .cards .corner { display: none; }
  .cards .head { position: static; grid-template-columns: 7rem minmax(0, 1fr) 2.5rem; align-items: baseline; gap: 8px; padding: 2px 4px; border: 0; background: none; }
  .cards .head h2 { font-size: var(--t1); white-space: normal; }
  .cards .head .about { grid-column: 2 / -1; text-align: start; }
  .cards .head .verdict { grid-column: 2; grid-row: 1; font-size: var(--t1); color: var(--ink-2); text-wrap: pretty; }
  .cards .head:not(:has(.bar)) .verdict { grid-column: 2 / -1; }
  .cards .head .bar { grid-column: 3; grid-row: 1; align-self: center; block-size: 6px; }
  .cards :is(.rail, .met, .cell) { border: 0; border-inline: 1px solid var(--line); background: var(--surface); }
  .cards .rail { display: flex; gap: 8px; align-items: baseline; margin-block-start: 8px; padding: 7px 10px 4px; border-block-start: 1px solid var(--line); border-radius: 8px 8px 0 0; }
  .cards .rail h2 { font-size: var(--t3); }
  .cards .met ul { display: flex; flex-wrap: wrap; gap: 3px 16px; padding: 0 10px 7px; font-size: var(--t1); }
  /* The strategy's name takes part: a row is as high as its two lines. */
  .cards .cell { grid-template-columns: calc(7rem - 18px) minmax(0, 1fr); column-gap: 8px; padding: 7px 10px; border-block-start: 1px solid var(--hair); }
  .cards :is(.control, .lines) { grid-column: 2; min-inline-size: 0; }
  .cards .before { padding-inline-start: 7rem; }
  .cards .cell.off { background: var(--sunk); }
  .cards .strategy { display: block; grid-area: 1 / 1 / span 2 / auto; line-height: 1.25; font-size: var(--t1); font-weight: 600; color: var(--ink-2); }
  .cards .last { border-block-end: 1px solid var(--line); border-radius: 0 0 8px 8px; }
  .cards .fold, .cards .note { margin-block-start: 8px; border: 1px solid var(--line); border-radius: 8px; }
  .cards { --value: var(--t3); --number: var(--t4); }
`;
