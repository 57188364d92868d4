import { css } from 'lit';

export const spaceTimeStyles = css`
  :host { display: block; }
  figure { margin: 0; position: relative; }
  .panel { padding-block-end: 6px; }
  .panel > header { gap: 6px; }
  .panel > header .quiet { flex: 0 1 auto; }
  header .end { display: flex; gap: 6px; align-items: center; min-inline-size: 0; }
  header input { inline-size: 8.5em; min-inline-size: 0; min-block-size: max(24px, var(--control)); padding: 0 6px; border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface); color: var(--ink); font-size: var(--t1); }
  header input::placeholder { color: var(--ink-3); opacity: 1; }
  header .count { min-inline-size: 4.2em; font-size: var(--t1); color: var(--ink-3); }
  header label { display: inline-flex; gap: 6px; align-items: center; font-size: var(--t1); color: var(--ink-3); white-space: nowrap; }
  header select, header .btn, footer .btn { min-block-size: max(24px, var(--control)); font-size: var(--t1); }
  header .btn { padding: 0 var(--s2); }
  .plot { position: relative; flex: 1; min-block-size: 0; overflow: hidden auto; }
  canvas { display: block; inline-size: 100%; cursor: grab; touch-action: pan-y; }
  canvas:active { cursor: grabbing; }
  .plot.listed canvas, .plot.listed .card { visibility: hidden; position: absolute; }
  .none { position: absolute; inset: 0; display: grid; place-items: center; color: var(--ink-3); pointer-events: none; }

  /* The canvas draws the line; this is what is grabbed. */
  .moment { position: absolute; z-index: 2; inset-block: 0; inset-inline-start: 0; border-radius: var(--radius); inline-size: 24px; cursor: ew-resize; touch-action: none; }
  /* Below the time, which it must not cover. */
  .moment:focus-visible { outline: none; box-shadow: none; }
  .moment:focus-visible::after { content: ''; position: absolute; inset: 22px 4px 2px; border: 2px solid var(--ink); border-radius: var(--radius); }
  @media (pointer: coarse) { .moment { inline-size: 44px; } }

  .card {
    position: absolute; z-index: 3; inset-inline-start: 0; inset-block-start: 0; inline-size: max-content; max-inline-size: min(36em, calc(100% - 16px)); padding: 7px 10px;
    border: 1px solid var(--line); border-radius: 8px; background: var(--surface); box-shadow: var(--shadow); line-height: 1.45;
  }
  .card.passing { pointer-events: none; }
  .card .what { display: flex; flex-wrap: wrap; gap: 2px 6px; align-items: baseline; color: var(--ink); }
  .card .what b { font-weight: 600; overflow-wrap: anywhere; }
  .card .clock { color: var(--ink-3); }
  .card .fate { font-size: var(--t1); }
  .card .fate.lost { color: var(--lost); font-weight: 600; }
  .card .cone { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: center; font-size: var(--t1); }
  .card .cone span { display: inline-flex; gap: 5px; align-items: center; }
  .card .cone i { inline-size: 14px; border-block-start: 2.5px solid var(--ink); }
  .card .cone .future { border-block-start: 2.5px dotted var(--ink-3); }
  .card .cone .beside { border-block-start-width: 1px; border-color: var(--edge); }
  .card .btn { min-block-size: max(24px, var(--control)); padding: 0 6px; font-size: var(--t1); }

  footer { display: flex; flex: none; gap: 2px var(--s3); align-items: center; min-block-size: 28px; font-size: var(--t1); }
  .key { display: flex; flex: 1; flex-wrap: wrap; gap: 0 var(--s3); block-size: 1.5em; min-inline-size: 0; overflow: hidden; color: var(--ink-3); }
  .key span { display: inline-flex; gap: 5px; align-items: center; white-space: nowrap; }
  .key svg { inline-size: 1em; block-size: 1em; overflow: visible; fill: var(--kept-fill); }
  .key .hollow svg { fill: none; stroke: var(--kept-fill); stroke-width: 2; }
  .key .waiting svg { fill: none; stroke: var(--kept-fill); stroke-width: 2; stroke-dasharray: 1 2; }
  .key .lost { color: var(--lost); }
  .key .lost svg { fill: none; stroke: var(--kept-fill); stroke-width: 2; }
  .key .lost .strike { stroke: var(--lost); stroke-width: 1.6; }
  footer .moves { display: flex; gap: 4px; margin-inline-start: auto; }
  footer .icon { inline-size: max(24px, var(--control)); padding: 0; }

  @media (max-width: 1099.98px) { .panel { padding: 6px 10px 8px; } .key, header .quiet { display: none; } }
  @media (max-width: 599.98px) {
    .panel > header { flex-wrap: wrap; }
    .panel > header .end { flex: 1 1 auto; flex-wrap: wrap; justify-content: end; }
    header .count:empty { display: none; }
    header select { max-inline-size: 130px; }
    header input { inline-size: 6em; }
  }
`;
