import { css } from 'lit';

/** Fields down, strategies across; each cell stands at a row and a column that field-grid.ts reckons. */
export const gridStyles = css`
  :host { display: block; }
  .grid { position: relative; display: grid; align-content: start; background: var(--surface); }
  section, .rails { display: contents; }
  .head, .corner { position: sticky; inset-block-start: 0; z-index: 3; min-inline-size: 0; padding: 6px var(--s3) 8px; border-block-end: 1px solid var(--line); background: var(--surface); }
  .head { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px var(--s2); align-content: start; }
  .head h2 { font-size: var(--t2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .head .about { font-size: var(--t1); color: var(--ink-3); text-align: end; overflow-wrap: anywhere; }
  /* Beside the name: a line of its own would take a row out of sight. */
  .many.brief:not(.cards) .head:has(.verdict) .about:has(button) { grid-column: 2; grid-row: 1; text-align: end; white-space: nowrap; }
  .many.brief:not(.cards) .head:has(.verdict) .whom { display: none; }
  .head .about button { min-block-size: 24px; padding: 0 4px; border: 0; background: none; font-size: inherit; text-decoration: underline; }
  .head :is(.verdict, .bar, .off) { grid-column: 1 / -1; }
  .corner.sides { display: flex; flex-wrap: wrap; gap: var(--s1) var(--s2); align-content: start; padding-inline: 0; font-size: var(--t1); color: var(--ink-3); }
  .corner.sides span { display: inline-flex; gap: 4px; align-items: center; }

  .rail { padding: 7px 0 7px var(--s3); min-inline-size: 0; }
  /* A name breaks at its spaces; a word that is too long ends in an ellipsis, and the title has all of it. */
  .rail h2 { margin-inline-end: -8px; padding-inline-end: 8px; overflow: clip visible; text-overflow: ellipsis; font-size: var(--t2); font-weight: 600; }
  .rail h2.long { font-size: var(--t1); }
  .rail small { display: flex; gap: 3px; align-items: center; font-size: var(--t1); color: var(--ink-3); white-space: nowrap; }
  .rail .waits { color: var(--ink-2); }
  /* Small to look at, and large to press: it takes the room of its drawing. */
  .rail .siblings { min-inline-size: 24px; min-block-size: 24px; margin: -6px -7px -6px -6px; padding: 0; line-height: 1; border: 0; background: none; color: var(--turn); }
  .met ul { display: grid; gap: 3px; padding: 7px var(--s2) 7px 0; font-size: var(--t2); color: var(--ink-2); }
  .met li { display: flex; gap: 6px; align-items: flex-start; min-inline-size: 0; line-height: 1.35; }
  .met .t { display: inline; min-inline-size: 0; overflow-wrap: anywhere; padding-block-end: 1px; box-shadow: inset 0 -2.5px 0 var(--colour); -webkit-box-decoration-break: clone; box-decoration-break: clone; }
  .cell { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); gap: 3px; align-content: start; min-inline-size: 0; padding: 5px var(--s3) 7px; }
  .rail, .met, .cell { border-block-start: 1px solid var(--hair); }
  .first { border-block-start: 0; }
  .cell.off { background: var(--sunk); color: var(--ink-3); white-space: pre-wrap; overflow-wrap: anywhere; }
  .cell.highlighted { background: var(--turn-tint); }
  .cell.look { outline: 2px solid var(--ink); outline-offset: -3px; border-radius: var(--radius); }
  .strategy { display: none; }

  /* One status line. */
  .st { font-size: var(--t1); line-height: 1.45; color: var(--ink-3); min-inline-size: 0; overflow-wrap: anywhere; }
  .st.lost, .st.came-back, .st.rule { color: var(--lost); }
  .st.touching { color: var(--turn); }
  .brief-only { display: none; }
  .brief .brief-only { display: inline; }
  .st.rule { font-weight: 600; }
  .mark { font-size: var(--t2); color: var(--ink-2); quotes: none; }
  s.mark { text-decoration-thickness: 1.5px; text-decoration-color: var(--lost-fill); box-shadow: inset 0 -2px 0 var(--colour); }
  :is(.refused, .retried) .mark { border-block-end: 2px dotted var(--colour); }
  .unknown .mark { border-block-end: 2px dashed var(--colour); }
  .came-back .mark { color: var(--lost); box-shadow: inset 0 -2px 0 var(--colour); }
  .act {
    position: relative; min-inline-size: 24px; min-block-size: 24px; margin: -3px 6px -3px 0; padding: 0 2px; border: 0; background: none; font-size: var(--t1); font-weight: 600; color: var(--ink);
    text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 2px; text-decoration-color: var(--edge);
  }
  @media (pointer: coarse) { .act { min-block-size: 44px; padding-inline: 6px; } }

  .note { display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s2); min-inline-size: 0; padding: 2px var(--s3) 4px; font-size: var(--t1); line-height: 1.3; background: var(--turn-tint); color: var(--turn); }
  .note span { flex: 1 1 16ch; min-inline-size: 0; }
  .note button { flex: none; min-block-size: 24px; padding: 0 var(--s1); font-size: inherit; }
  .fold {
    display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s2); inline-size: 100%; min-block-size: 28px; padding: 2px var(--s3); border: 0; border-block-start: 1px solid var(--hair); border-radius: 0;
    background: var(--page); color: var(--ink-3); font-size: var(--t1); text-align: start; white-space: normal;
  }
  .fold b { color: var(--ink-2); font-weight: 600; }
  .fold .end { margin-inline-start: auto; }

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

  /* The healing stage: what this window had, over the value that it becomes; and what flies there. */
  .before { position: absolute; z-index: 2; inset: 0; padding: inherit; overflow: hidden; background: inherit; pointer-events: none; font-size: var(--value, var(--t3)); line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere; }
  .cell:has(.before) { background: var(--surface); }
  .before.number { font-size: var(--number, var(--t4)); font-weight: 600; line-height: 1.15; }
  .fly {
    position: fixed; z-index: 20; inset: 0 auto auto 0; max-inline-size: 200px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; pointer-events: none;
    padding: 1px 6px; border-radius: 4px; background: var(--surface); color: var(--ink); box-shadow: inset 0 -2.5px 0 var(--colour), 0 1px 6px rgba(0, 0, 0, 0.22); font-size: var(--t2); line-height: 1.3;
  }

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
