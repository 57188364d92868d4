import { css } from 'lit';

/** Rose is gone or broken, violet is somebody's turn, all else is ink; the line under a mark has its author's colour. */
export const reviewListStyles = css`
  :host { display: block; overflow: auto; min-block-size: 0; padding: 0 var(--s3) var(--s3); scrollbar-width: thin; }

  .filters { position: sticky; inset-block-start: 0; z-index: 3; display: flex; flex-wrap: wrap; gap: var(--s1); padding: 6px 0 8px; background: var(--page); }
  .filters > div { display: flex; flex-wrap: wrap; gap: var(--s1); }
  .filters .btn { min-block-size: max(24px, var(--control)); padding: 0 var(--s2); border-color: var(--line); border-radius: 1.5em; font-size: var(--t1); }
  .filters .btn[aria-pressed='true'] { background: var(--ink); border-color: var(--ink); color: var(--on-ink); }
  .filters .all { margin-inline-start: auto; border-color: var(--edge); border-radius: var(--radius); font-weight: 600; }

  .rj { padding: var(--s1) 0 6px; font-size: var(--t1); font-weight: 400; color: var(--ink-3); }
  .fd { display: flex; gap: 6px; align-items: baseline; padding: var(--s2) 0 var(--s1); border-block-start: 1px solid var(--hair); font-size: var(--t2); }
  .fd button { min-block-size: 24px; padding: 0; border: 0; background: none; font-weight: 600; cursor: pointer; }
  .fd button:hover { text-decoration: underline; text-underline-offset: 2px; }
  .q { font-weight: 400; font-size: var(--t1); color: var(--ink-3); }

  .it {
    position: relative; display: grid; grid-template-columns: 0.75rem minmax(0, 1fr); gap: 0 7px; padding: 2px 0 6px; line-height: 1.4;
    overflow-wrap: anywhere; cursor: pointer; scroll-margin-block: 88px var(--s5);
  }
  .it:focus { outline: none; }
  .it:focus-visible { outline: 2px solid var(--focus); outline-offset: 0; border-radius: 3px; }
  .it > svg { margin-block-start: 3px; }
  .lost > svg, .rule > svg, .came-back > svg { color: var(--lost); }
  .touching > svg, .sibling > svg { color: var(--turn); }
  .it b { font-weight: 600; color: var(--ink); }
  .line { border-block-end: 2px solid var(--colour); }
  s.line { text-decoration-color: var(--lost-fill); }
  .refused .line { border-block-end-style: dotted; }
  .unknown .line { border-block-end-style: dashed; }
  .done, .done b { color: var(--ink-3); font-weight: 400; }
  .done > svg { color: var(--ink-3); }
  .state { margin-inline-start: 6px; font-size: var(--t1); color: var(--ink-2); font-weight: 600; white-space: nowrap; }
  .clk { grid-column: 2; font: 0.6875rem / 1.5 var(--mono); color: var(--ink-3); }

  .acts { display: inline-flex; flex-wrap: wrap; gap: 0 10px; margin-inline-start: 6px; vertical-align: baseline; }
  .act {
    min-block-size: 24px; margin-block: -3px; padding: 0; border: 0; background: none; font-weight: 600; color: var(--ink); white-space: nowrap; cursor: pointer;
    text-decoration: underline; text-decoration-color: var(--edge); text-decoration-thickness: 1px; text-underline-offset: 3px;
  }
  .act:hover { text-decoration-color: currentColor; }
  .preview {
    display: none; position: absolute; inset: calc(100% - 2px) 0 auto 19px; z-index: 2; padding: var(--s1) var(--s2); border-radius: var(--radius);
    background: var(--ink); color: var(--on-ink); font-size: var(--t1); line-height: 1.35; overflow-wrap: anywhere; pointer-events: none;
  }
  .act:is(:hover, :focus-visible) + .preview { display: block; }

  .copied { overflow-wrap: anywhere; color: var(--ink); }
  .copied:empty { display: none; }

  @media (max-width: 59.9988em) { :host { padding-inline: var(--s2); } }
  @media (pointer: coarse) {
    .acts { gap: var(--s1) var(--s4); }
    .act { min-block-size: 44px; margin-block: 0; padding-inline: 6px; }
    .fd button { min-block-size: 44px; }
  }
`;
