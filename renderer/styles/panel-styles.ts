/** What the elements of the control room share: plain controls, panels, badges, a replica's letter, text that only screen readers get. */
import { css } from 'lit';
import { whoStyles } from './who-styles.ts';

export const panelStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { font: 400 var(--t2) / 1.4 var(--font); color: var(--ink-2); }
  [hidden] { display: none !important; }
  h1, h2, h3, p, ol, ul, dl, dd { margin: 0; padding: 0; }
  h1, h2, h3 { font-size: inherit; font-weight: 600; color: var(--ink); }
  ol, ul { list-style: none; }
  button, input, select { font: inherit; color: inherit; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }

  .btn {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--s1); min-block-size: max(28px, var(--control)); padding: 0 10px;
    border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface); color: var(--ink); font-weight: 500; white-space: nowrap; cursor: pointer;
  }
  .btn:hover:not(:disabled) { background: var(--sunk); }
  .btn:disabled { opacity: 0.5; cursor: default; }
  .btn.primary { background: var(--ink); border-color: var(--ink); color: var(--on-ink); font-weight: 600; }
  .btn.primary:hover:not(:disabled) { background: var(--ink-2); }
  .btn.plain { border-color: transparent; background: none; }
  .btn.plain:hover:not(:disabled), .btn.plain[aria-pressed='true'] { background: var(--sunk); }
  .btn.icon { padding: 0; inline-size: max(28px, var(--control)); }
  .btn.danger { border-color: var(--lost); color: var(--lost); font-weight: 600; }
  select {
    appearance: none; min-inline-size: 0; min-block-size: max(28px, var(--control)); padding: 0 var(--s5) 0 var(--s2); text-overflow: ellipsis;
    border: 1px solid var(--edge); border-radius: var(--radius); background: var(--surface) no-repeat; color: var(--ink);
    background-image: linear-gradient(45deg, transparent 50%, currentColor 50%), linear-gradient(-45deg, transparent 50%, currentColor 50%);
    background-size: 4px 4px; background-position: right 12px center, right 8px center;
  }
  option, optgroup { background: var(--surface); color: var(--ink); }
  svg.i {
    inline-size: 0.75rem; block-size: 0.75rem; flex: none; vertical-align: -1px; overflow: visible;
    stroke: currentColor; fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round;
  }

  ${whoStyles}
  .badge {
    display: inline-flex; align-items: center; gap: var(--s1); padding: 0 5px; border-radius: 1em; line-height: 1.25;
    font-size: var(--t1); font-weight: 600; white-space: nowrap; background: var(--lost-fill); color: var(--on-fill);
  }
  .quiet { color: var(--ink-3); }
  .mono { font-family: var(--mono); font-size: 0.92em; }
  .pop {
    position: absolute; z-index: 20; padding: var(--s2) var(--s3) var(--s3); border: 1px solid var(--line); border-radius: 8px;
    background: var(--surface); color: var(--ink-2); box-shadow: var(--shadow); white-space: normal;
  }

  .unseen {
    position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; border: 0;
  }

  /* A panel of the room: its name, a quiet line, what can be pressed at the end. */
  .panel {
    display: flex; flex-direction: column; block-size: 100%; min-inline-size: 0; min-block-size: 0; padding: var(--s2) var(--s3) var(--s3);
    border-radius: 8px; background: var(--surface); box-shadow: 0 0 0 1px var(--hair);
  }
  .panel > header { display: flex; align-items: center; gap: var(--s2); min-block-size: 28px; flex: none; white-space: nowrap; }
  .panel > header .quiet { font-size: var(--t1); line-height: 1.2; white-space: normal; min-inline-size: 0; }
  .panel > header .end { margin-inline-start: auto; flex: none; }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition-duration: 0ms !important; animation-duration: 0ms !important; }
  }
`;
