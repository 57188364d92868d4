/** What all elements share: plain controls, chips, text that only screen readers get. */
import { css } from 'lit';

export const controlStyles = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { font: var(--type-body) / 1.4 var(--font); color: var(--text); }
  [hidden] { display: none !important; }

  button, input, select, textarea { font: inherit; color: inherit; }
  button {
    min-height: var(--control); min-width: var(--control); padding: 0 var(--space); margin: 0;
    border: 1px solid var(--control-border); border-radius: var(--radius);
    background: var(--surface); cursor: pointer; white-space: nowrap;
  }
  button:hover:not(:disabled) { background: var(--surface-sunk); }
  button:active:not(:disabled) { background: var(--line); }
  button:disabled { opacity: 0.4; cursor: default; }
  button.plain { border-color: transparent; background: transparent; color: var(--text-quiet); }
  button.plain:hover:not(:disabled) { background: var(--surface-sunk); color: var(--text); }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
  button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--accent) 85%, var(--text)); }
  button.accent { border-color: var(--accent); color: var(--accent); font-weight: 600; }
  button.danger { border-color: var(--on-lost); color: var(--on-lost); }

  select { min-height: var(--control); padding: 0 var(--space-half); margin: 0; border: 1px solid var(--control-border); border-radius: var(--radius); background: var(--surface); }
  input:not([type='checkbox'], [type='radio']), textarea {
    width: 100%; min-width: 0; min-height: var(--control); padding: 0 var(--space); margin: 0;
    border: 1px solid var(--control-border); border-radius: var(--radius); background: var(--surface);
  }
  textarea { padding: var(--space-half) var(--space); line-height: 1.35; }
  input[type='checkbox'], input[type='radio'] { width: 24px; height: 24px; margin: 0; accent-color: var(--accent); flex: none; }
  ::placeholder { color: var(--text-quiet); opacity: 1; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
  a { color: var(--accent); }

  h1, h2, h3, p, ul, ol { margin: 0; padding: 0; }
  h1, h2, h3 { font-size: inherit; font-weight: 600; }
  ul, ol { list-style: none; }
  output, .number { font-variant-numeric: tabular-nums; }
  .mono { font-family: var(--font-mono); font-size: var(--type-small); }
  .quiet { color: var(--text-quiet); }
  .small { font-size: var(--type-small); }

  .chip {
    display: inline-block; padding: 0 6px; border-radius: 10px; white-space: nowrap;
    font-size: var(--type-small); line-height: 1.5; background: var(--surface-sunk); color: var(--text-quiet);
  }
  .chip.lost { background: var(--lost-tint); color: var(--lost); font-weight: 600; }
  .chip.kept { background: var(--kept); color: var(--on-kept); }
  .chip.noted { background: var(--noted); color: var(--on-noted); }
  .chip.waiting { background: var(--offline); color: var(--on-offline); }

  svg.i {
    inline-size: 0.75rem; block-size: 0.75rem; flex: none; vertical-align: -1px; overflow: visible;
    stroke: currentColor; fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round;
  }
  .unseen {
    position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
    clip-path: inset(50%); white-space: nowrap; border: 0;
  }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { transition-duration: 0ms !important; animation-duration: 0ms !important; }
  }
`;
