import { css } from 'lit';

export const costBarsStyles = css`
  :host { display: block; }
  .body { flex: 1; min-block-size: 0; overflow: auto; display: grid; }
  @media (min-width: 68.75em) { .body.tall { container-type: size; } }
  table { inline-size: 100%; block-size: 100%; border-collapse: collapse; }
  th, td { padding: 0; text-align: start; font-weight: 400; vertical-align: middle; border-block-start: 1px solid var(--hair); }
  tbody tr:first-child > * { border-block-start: 0; }
  tbody th { inline-size: 9.2em; padding-inline-end: var(--s2); font-weight: 600; color: var(--ink); white-space: nowrap; }
  td { padding-block: 3px; }
  td p { display: flex; flex-wrap: wrap; gap: 2px 6px; align-items: center; margin-block-start: 3px; font-size: var(--t1); line-height: 1.25; }

  .bar { display: flex; gap: 1px; block-size: var(--bar, 0.875rem); background: var(--sunk); }
  .bar > span { flex: var(--v) 0 0; min-inline-size: 3px; overflow: hidden; border-radius: 1px; text-align: center; font: 600 0.6875rem / var(--bar, 0.875rem) var(--font); color: var(--on-fill); }
  .kept { background: var(--kept-fill); }
  .superseded { background: var(--superseded-fill); }
  .bar > .superseded { color: var(--ink); }
  .turn { background: var(--turn-fill); }
  .lost, .resurrected { background: var(--lost-fill); }
  .refused { background: var(--surface); box-shadow: inset 0 0 0 1.5px var(--edge); }
  .unknown { background: var(--surface); border: 1.5px dashed var(--edge); }
  .bar > :is(.refused, .unknown) { color: var(--ink-2); }
  .bar > .unknown { line-height: calc(var(--bar, 0.875rem) - 3px); }
  .pending { background: var(--surface) radial-gradient(circle, var(--edge) 1px, transparent 1.3px); background-size: 4px 4px; }
  .bar > .pending { color: transparent; }
  .key { display: flex; flex: none; flex-wrap: wrap; gap: 0 10px; min-inline-size: 0; font-size: var(--t1); line-height: 1.35; color: var(--ink-3); }
  .key span { display: inline-flex; gap: var(--s1); align-items: center; }
  .key i { inline-size: 0.625rem; block-size: 0.625rem; }
  .none { place-self: center; color: var(--ink-3); }

  /* High rows are read from further away. */
  @container (min-height: 480px) { table { --bar: 1.375rem; } .bar > span { font-size: var(--t1); } }
  @container (min-height: 480px) and (min-width: 600px) { td p { font-size: var(--t2); } }
  @media (max-width: 68.7488em) {
    .panel { padding: 6px 10px 8px; }
    header .quiet { display: none; }
    tbody th { inline-size: 7.4em; white-space: normal; line-height: 1.15; }
    td p { margin-block-start: 2px; }
  }
  @media (max-width: 37.4988em) { td { padding-block: 6px; } tbody th { inline-size: 6.6em; } }
`;
