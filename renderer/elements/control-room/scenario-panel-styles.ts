import { css } from 'lit';

export const scenarioPanelStyles = css`
  :host { display: block; position: relative; z-index: 5; }
  .line { display: flex; align-items: center; gap: var(--s2); min-block-size: 44px; padding: 6px var(--s3); }
  .line.playing .btn.plain { border-color: transparent; }
  .line.playing .btn.primary, .line.playing .btn.primary:hover:not(:disabled) { background: var(--on-ink); color: var(--ink); }
  .line.playing label { color: inherit; }
  label { color: var(--ink-3); }
  select { max-inline-size: 12rem; }
  .buttons { display: inline-flex; }
  .buttons .btn { border-radius: 0; margin-inline-start: -1px; }
  .buttons .btn:first-child { border-radius: 6px 0 0 6px; }
  .buttons .btn:last-child { border-radius: 0 6px 6px 0; }
  .say { flex: 1; min-inline-size: 0; font-size: var(--t4); line-height: 1.2; font-weight: 500; text-wrap: balance; }
  .hint { flex: 1; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--ink-3); }
  .trouble { color: var(--ink); font-size: var(--t2); font-weight: 600; }
  .playing .trouble { color: inherit; }
  .look { padding-block-end: var(--s2); color: var(--ink); }
  .steps { gap: 6px; font-size: var(--t1); }
  .dots { display: inline-flex; gap: 4px; align-items: center; }
  .dots i { inline-size: 8px; block-size: 8px; border-radius: 4px; box-shadow: inset 0 0 0 1.5px currentColor; }
  .dots i.on { background: currentColor; }
  .dots i.now { inline-size: 20px; background: currentColor; }
  .confirm { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s2); padding: 6px var(--s3); background: var(--surface); border-block: 1px solid var(--line); color: var(--ink); }
  .pop { inset-inline-end: var(--s2); inset-block-start: calc(100% - 2px); inline-size: min(46rem, calc(100vw - 16px)); max-block-size: min(24rem, 60dvh); overflow: auto; }
  ol { display: grid; gap: 2px; }
  li { display: grid; grid-template-columns: 1.5em minmax(0, 14rem) minmax(0, 1fr); gap: var(--s2); padding: 2px var(--s1); border-radius: var(--radius); overflow-wrap: anywhere; }
  li.now { background: var(--sunk); color: var(--ink); font-weight: 600; }
  .judgements { display: grid; gap: 2px; }
  .judgements p { display: grid; grid-template-columns: 1.5em minmax(0, 1fr); overflow-wrap: anywhere; }
  .judgements .broken { color: var(--lost); }
  summary { min-block-size: 24px; cursor: pointer; }

  @media (max-width: 68.7488em) {
    .line { min-block-size: 36px; padding-block: 4px; }
    label { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    select { max-inline-size: 132px; }
    /* The sentence has a line of its own: beside the controls it would take the room of the map. */
    .line.playing { flex-wrap: wrap; row-gap: 2px; }
    .playing .say { order: 9; flex: 1 1 100%; font-size: var(--t3); text-wrap: wrap; }
    .playing .steps { margin-inline-start: auto; }
    .dots { display: none; }
  }
  @media (max-width: 37.4988em) {
    .line { flex-wrap: wrap; }
    .say, .hint { order: 9; flex: 1 1 100%; white-space: normal; }
    select { flex: 1; max-inline-size: none; min-block-size: 36px; }
    .btn { min-block-size: 36px; }
    li { grid-template-columns: 1.5em minmax(0, 1fr); }
    li .told { grid-column: 2; }
  }
`;
