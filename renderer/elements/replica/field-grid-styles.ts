import { css } from 'lit';

export const gridStyles = css`
  .grid {
    display: grid; background: var(--surface); border-block-end: 1px solid var(--line);
    grid-template-columns: max-content repeat(var(--columns), minmax(0, 1fr));
    grid-template-rows: repeat(var(--rows), auto);
  }
  .labels { grid-column: 1; }
  .labels, .column { display: grid; grid-row: 1 / span var(--rows); grid-template-rows: subgrid; min-width: 0; }
  .column { border-inline-start: 1px solid var(--line); }

  .cell {
    display: grid; grid-template-columns: minmax(0, 1fr) auto; align-content: center; align-items: center; column-gap: var(--space-half);
    padding: var(--space-half) var(--space); border-block-start: 1px solid var(--line); min-width: 0;
    transition: background-color 300ms;
  }
  /* Whose column it is stays in sight while the fields scroll. */
  .cell.head { position: sticky; inset-block-start: 0; z-index: 1; border-block-start: 0; background: var(--surface-sunk); min-height: calc(var(--control) - 4px); padding-block: 2px; }
  .about { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; column-gap: var(--space-half); font-size: var(--type-small); line-height: 1.2; color: var(--text-quiet); }
  .about button { min-height: 24px; padding: 0 4px; font-size: inherit; text-decoration: underline; }
  .above-verdict { padding: 0 var(--space); }
  wa-tab-panel .about { padding: var(--space-half) var(--space); }
  .off .cell { background: var(--surface-sunk); }
  .off :is(.control, h2) { color: var(--text-quiet); }
  .off .control { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 4.5em; overflow: auto; }
  .cell.highlighted { background: var(--highlight); }
  .cell.text, .cell.list { align-content: start; }
  .labels .cell { display: flex; flex-direction: column; justify-content: center; align-items: flex-start; }
  .labels .cell.text, .labels .cell.list { justify-content: flex-start; padding-block-start: calc(var(--space-half) + 4px); }
  .label { color: var(--text-quiet); line-height: 1.2; }
  .differs { padding-inline-start: 5px; border-inline-start: 3px solid var(--accent); font-size: var(--type-small); color: var(--on-noted); line-height: 1.15; }
  .marks { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 2px; }
  .marks:empty { display: none; }
  .control:has(+ .marks:empty) { grid-column: 1 / -1; }
  /* Where columns are narrow, marks stand below. */
  .many .column :is(.control, .marks, .chip) { grid-column: 1 / -1; justify-content: flex-start; justify-self: start; }
  .many .column .control { justify-self: stretch; }
  .refusal { grid-column: 1 / -1; font-size: var(--type-small); color: var(--on-lost); }
  .refusal:empty { min-height: 0; }
  /* Above the columns, which leave room for it, and below their heads. */
  .note {
    position: relative; z-index: 0; grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--space); min-width: 0;
    padding: 2px var(--space) var(--space-half); font-size: var(--type-small); line-height: 1.3; overflow-wrap: anywhere; background: var(--other); color: var(--on-other);
  }
  .note span { flex: 1 1 16ch; min-width: 0; }
  .note button { flex: none; min-height: 24px; padding: 0 var(--space-half); font-size: inherit; }
  .cell .note { margin-block-end: var(--space-half); padding: 2px var(--space-half); border-radius: var(--radius); }
  .above { grid-column: 1 / -1; display: flex; gap: var(--space); align-items: baseline; padding-block-end: 2px; }

  /* Without subgrid (Chrome before 117) rows of all columns line up by having one height, and scroll inside. */
  @supports not (grid-template-rows: subgrid) {
    .labels, .column { grid-template-rows: none; grid-auto-rows: max-content; }
    .cell { height: calc(var(--control) + 10px); overflow: auto; }
    .cell.text { height: calc(3.8em + 24px); }
    .cell.list { height: calc(var(--control) * 3 + 24px); }
    .cell.set { height: calc(var(--control) * 2 + 14px); }
    .cell.stock, .cell.register, .cell.counter { height: calc(var(--control) + 26px); }
    .cell.head { height: var(--control); }
    .grid { position: relative; }
    .gap, .gap .note { box-sizing: border-box; height: calc(var(--control) + 14px); }
    .gap .note { position: absolute; inset-inline: 0; overflow: auto; }
  }

  wa-tab-group { background: var(--surface); }
  wa-tab::part(base) { padding: var(--space) var(--space-2); gap: var(--space-half); }
  /* All tabs in sight, on as many lines as they need: nothing scrolls sideways. */
  wa-tab-group::part(tabs) { flex-wrap: wrap; }
  @media (max-width: 559.98px) { wa-tab::part(base) { padding: 6px 10px; } }
  wa-tab-panel::part(base) { padding: 0; }
  wa-tab-panel { --padding: 0; }
  wa-tab-panel .column { display: block; border: 0; }
  wa-tab-panel .cell { height: auto; overflow: visible; }
  wa-tab-panel section > .cell:first-child { border-block-start: 0; }

  @media (min-width: 900px) and (min-height: 600px) {
    .cell { padding: var(--space-half) var(--space-2); }
    .labels .cell { gap: 2px; }
  }
`;
