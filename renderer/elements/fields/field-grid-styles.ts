import { css } from 'lit';
import { gridCardStyles } from './field-grid-card-styles.ts';
import { gridDensityStyles } from './field-grid-density-styles.ts';
import { gridStageStyles } from './field-grid-stage-styles.ts';

/** A table: fields down, strategies across. */
const tableStyles = css`
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
`;

/** Fields and strategies as a table or as cards; each cell stands at a row and a column that field-grid.ts reckons. */
export const gridStyles = [tableStyles, gridDensityStyles, gridStageStyles, gridCardStyles];
