import { css } from 'lit';

export const labMapStyles = css`
  :host { display: block; position: relative; z-index: 4; }
  .panel { padding-block-end: 0; }
  .scroll { position: relative; flex: 1; min-block-size: 0; margin-inline: calc(-1 * var(--s3)); }
  @media (min-width: 68.75em) { .scroll.full { overflow-y: auto; } }
  .box { position: relative; block-size: 100%; min-inline-size: 0; }
  svg.links { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: visible; }
  .link { stroke: var(--edge); stroke-width: 1.5; }
  .link.cut { stroke-dasharray: 2 4; }
  .hit { stroke: transparent; stroke-width: 20; cursor: pointer; }
  .hull { fill: var(--sunk); stroke: var(--line); }
  .hull.target { stroke: var(--ink); stroke-width: 2; }
  .hatch { position: absolute; background-image: var(--hatch); }

  .node { position: absolute; translate: -50% -50%; display: grid; justify-items: center; }
  .node.dragged { z-index: 3; opacity: 0.85; pointer-events: none; }
  .disc {
    inline-size: 2.375rem; block-size: 2.375rem; padding: 0; border: 3px solid var(--ground); border-radius: 50%; background: var(--colour); color: var(--on-colour);
    font: 700 var(--t3) / 1 var(--font); cursor: grab; touch-action: none; user-select: none; -webkit-user-select: none;
  }
  .disc.long { font-size: var(--t1); }
  .disc.ring { background: var(--surface); color: var(--ink); box-shadow: inset 0 0 0 4px var(--colour); }
  .off .disc { background: var(--surface); border: 2.5px dashed var(--colour); color: var(--ink); box-shadow: none; }
  .disc[aria-expanded='true'] { outline: 2px solid var(--ink); outline-offset: 2px; }
  .compact .disc { inline-size: 1.875rem; block-size: 1.875rem; font-size: var(--t2); }
  .meta {
    position: absolute; inset-block-start: calc(100% + 1px); display: grid; justify-items: center; white-space: nowrap; text-align: center;
    font-size: var(--t1); line-height: 1.3; color: var(--ink-2); pointer-events: none;
  }
  .meta > * { pointer-events: auto; }
  .meta .words { padding-inline: 3px; border-radius: 3px; background: color-mix(in srgb, var(--ground) 80%, transparent); }
  .meta b { color: var(--ink); }
  .flipped .meta { inset-block: auto calc(100% + 1px); }
  .lit .disc { outline: 3px solid var(--ink); outline-offset: 3px; }
  .lit lab-switch { outline: 2px solid var(--ink); outline-offset: 1px; border-radius: 12px; }

  .relay {
    position: absolute; translate: -50% -50%; display: grid; place-items: center; inline-size: 3.25rem; block-size: 2rem; border-radius: 8px;
    background: var(--ink); color: var(--on-ink); font-size: var(--t1); font-weight: 600;
  }
  .relay.off { line-height: 1.1; text-align: center; background: var(--surface); color: var(--ink-2); border: 1.5px dashed var(--edge); }
  .pill {
    position: absolute; translate: -50% -50%; display: inline-flex; gap: var(--s1); align-items: center; min-block-size: 20px; padding: 0 7px;
    border: 1px solid var(--line); border-radius: 1em; background: var(--surface); color: var(--ink-2); font-size: var(--t1); line-height: 1.5; white-space: nowrap;
  }
  .pill.strong { border-color: var(--ink); color: var(--ink); font-weight: 600; }
  button.pill { font-family: inherit; cursor: pointer; min-block-size: 24px; border-radius: 12px; }
  button.pill.sound { inline-size: 24px; padding: 0; border-color: transparent; background: none; opacity: 0; }
  button.pill.sound:is(:hover, :focus-visible) { opacity: 1; border-color: var(--edge); background: var(--surface); }
  .mend {
    position: absolute; translate: -50% -50%; display: grid; place-items: center; inline-size: 24px; block-size: 24px; padding: 0;
    border: 1.5px solid var(--ink); border-radius: 50%; background: var(--surface); color: var(--ink); cursor: pointer;
  }
  .zone { position: absolute; inset-block: 8px; inset-inline-end: 8px; display: grid; place-items: center; inline-size: 76px; border: 1.5px dashed var(--edge); border-radius: 10px; text-align: center; font-size: var(--t1); pointer-events: none; background: var(--surface); }
  .zone.target { border: 2px solid var(--ink); color: var(--ink); }
  .move { inline-size: max-content; max-inline-size: 15rem; display: grid; gap: 2px; font-size: var(--t1); padding: var(--s2); }
  .move h3 { font-size: var(--t2); }
  .move .btn { justify-content: start; min-block-size: max(24px, var(--control)); border-color: transparent; }
  .move .btn[aria-current='true'] { border-color: var(--ink); }
  .dialog { position: absolute; z-index: 21; }
  .none { position: absolute; inset: auto 0 25% 0; text-align: center; color: var(--ink-3); }
  .dot { pointer-events: none; }
  .also { display: flex; flex-wrap: wrap; gap: 2px var(--s3); padding-block-end: 6px; font-size: var(--t1); color: var(--ink-3); }
  .also button { border: 0; padding: 0 2px; min-block-size: max(24px, var(--control)); background: none; color: var(--ink); font-weight: 600; text-decoration: underline; text-underline-offset: 2px; cursor: pointer; }

  :host([isPast]) lab-switch { visibility: hidden; }

  @media (max-width: 68.7488em) {
    .panel { padding: 6px 10px 0; }
    .scroll { margin-inline: -10px; }
    header .quiet { display: none; }
  }
`;
