import { css } from 'lit';

/** What a table does with little room: short words, many columns, low windows and tiles. */
export const gridDensityStyles = css`
  .brief .head { align-content: space-between; }
  .brief .head .about { grid-column: 1 / -1; text-align: start; line-height: 1.25; }
  .brief .head .about button { min-block-size: 24px; margin-block: -6px; }
  .brief .verdict { font-size: var(--t1); }
  .brief .why { display: none; }
  .brief { --value: var(--t2); --number: var(--t3); --new: 3.5rem; }
  .many .cell { padding: 2px var(--s3) 3px; gap: 1px; }
  .many { --half: nowrap; --chip-gap: 6px; --turn-gap: 4px; }
  :is(.many, .low, .tile, .narrow):not(.cards) { --new: 1.5rem; --new-min: 1.5rem; --new-word: transparent; --new-plus: var(--plus-x), var(--plus-y); --new-over: absolute; --new-open: 5.5rem; --new-ground: var(--surface); --remove: absolute; --remove-opacity: 0; }
  .many.brief:not(.cards) { --word: none; --sign: inline; --stock-gap: 5px; }
  .grid { --plus-x: linear-gradient(var(--ink-3), var(--ink-3)) center / 11px 1.5px no-repeat; --plus-y: linear-gradient(var(--ink-3), var(--ink-3)) center / 1.5px 11px no-repeat; }
  .many.brief:not(.cards) .verdict { min-block-size: 2lh; }
  .many.brief:not(.cards) :is(.cell, .head, .corner) { padding-inline: var(--s2); }
  /* What came of a strategy says more than how it is set. */
  .many.brief .head:has(.verdict) .about:not(.off, :has(button)), .many.brief .head:has(.verdict) .about > span { display: none; }
  .many.brief:not(.cards) :is(.head, .corner) { padding-block: 4px 6px; }
  .cards { --half: pre-wrap; }
  .many .act { margin-inline-end: 3px; padding-inline: 0; }
  .many .act:last-child { margin-inline-end: 0; }
  .many .acts .why { display: none; }
  .many .acts .brief-only { display: inline; }
  .narrow .waits .word { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .narrow .head, .narrow .corner { padding: 3px var(--s2) 5px; }
  .narrow .rail { padding: 4px 0 4px var(--s2); }
  .narrow .rail h2 { font-size: var(--t1); line-height: 1.3; }
  /* Beside the name, over the empty edge of the first column. */
  .narrow .rail { position: relative; }
  .narrow .rail .siblings { position: absolute; inset: -1px -10px auto auto; margin: 0; }
  .narrow .verdict { line-height: 1.2; text-wrap: pretty; }
  .narrow .cell { padding: 3px var(--s2) 4px; gap: 1px; }
  :is(.narrow, .low, .tile) .head { align-items: baseline; }
  :is(.narrow, .low, .tile) .head .verdict { grid-column: 2; grid-row: 1; }
  :is(.narrow, .low, .tile) .head .about { grid-column: 1 / -1; text-align: start; }
  :is(.narrow, .low, .tile) .head .about:not(.off, :has(button)) { display: none; }
  :is(.low, .tile) .rail small:not(.waits) { display: none; }
  .tile .rail .waits { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); }
  :is(.low, .tile) .met ul { padding-block: 2px 3px; gap: 0; }
  :is(.low, .tile) .lines { display: flex; flex-wrap: wrap; column-gap: 10px; }
  :is(.low, .tile) .rail, :is(.low, .tile) .cell { padding-block: 2px 3px; }
  :is(.low, .tile) .cell:is(.counter, .stock) { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 10px; }
  :is(.low, .tile):not(.cards) .act { margin-block: -4px; }
  :is(.low, .tile):not(.cards) .st { line-height: 1.3; }
  .tile { --sums: none; --waits-line: 2.5px; }
  .tile .cell.set { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 10px; }
  .tile .st.kept { display: none; }
  .tile .rail, .tile .cell { padding-block: 1px 2px; gap: 0; }
  .tile .head { padding-block: 2px 3px; row-gap: 0; }
`;
