import { css } from 'lit';

export const headerStyles = css`
  header {
    display: flex; align-items: center; gap: 2px var(--s3); min-block-size: 40px;
    padding: 0 var(--s3); border-block-end: 1px solid var(--line); border-block-start: 3px solid var(--colour); background: var(--surface);
  }
  header.offline { background: var(--offline); border-block-end-color: var(--offline-edge); color: var(--on-offline); --text-quiet: var(--on-offline); }
  header > * { white-space: nowrap; }
  h1 { display: flex; align-items: center; gap: 6px; font-size: var(--type-body); font-weight: 700; }
  .self .who { min-inline-size: 1.5rem; block-size: 1.5rem; border-radius: 0.75rem; font-size: 0.8125rem; }
  lab-switch { font-weight: 600; }
  .status { display: flex; align-items: center; gap: 6px; font-weight: 600; flex: 0 1 auto; color: var(--ink-2); }
  .clock { min-width: 4rem; }
  .status.connecting span { padding-inline: 6px; border-radius: var(--radius); background: var(--offline); color: var(--on-offline); }
  .status.connecting .mark { display: none; }
  .status.cut { white-space: normal; line-height: 1.2; }
  .mark svg { display: block; inline-size: 14px; block-size: 14px; fill: none; stroke: currentColor; stroke-width: 1.3; stroke-linecap: round; stroke-linejoin: round; }
  /* What is cut is hatched, beside the words that say so. */
  .hatched { flex: 1 1 2rem; align-self: stretch; min-height: 1rem; background: var(--hatch); }
  :is(.cut, .offline) > .status { flex: 0 1 auto; }
  .cut > .status { min-width: 8rem; }
  .status.synced { color: var(--on-kept); }
  .peers { margin-inline-start: auto; }
  .peers, .clock { display: flex; align-items: center; gap: 6px; }
  .tipped { position: relative; min-inline-size: 0; overflow: visible; display: inline-flex; }
  .tip { position: absolute; inset-block-start: calc(100% + 6px); inset-inline-end: 0; z-index: 10; inline-size: 18rem; max-inline-size: calc(100vw - 24px); padding: var(--s1) var(--s2); border-radius: var(--radius); background: var(--ink); color: var(--surface); white-space: normal; visibility: hidden; }
  :is(#clock:hover, #clock:focus-visible) + .tip { visibility: visible; transition: visibility 0s 150ms; }
  .clocks { min-inline-size: 28px; padding: 0; }
  .clocks[aria-pressed='true'] { background: var(--sunk); color: var(--ink); }
  #clock { border-radius: 3px; cursor: help; overflow: hidden; text-overflow: ellipsis; }

  .offline .chip { background: transparent; border: 1px solid currentColor; }

  /* Tiles. */
  @media (min-width: 37.5em) and (max-width: 59.9988em) { header { min-block-size: 34px; } }
  @media (max-width: 50em) {
    header { gap: 2px 10px; }
    .clock .word { position: absolute; clip-path: inset(50%); }
    .offline .nobody { display: none; }
  }
  /* A phone: name, switch and menu on the first line, the rest below; two lines, and a third one for the clock of who asks for it. */
  @media (max-width: 34.9988em) {
    header { flex-wrap: wrap; padding-block: 3px; }
    .clocks { margin-inline-start: auto; }
    window-menu { order: 1; }
    header::after { content: ''; order: 1; flex: none; inline-size: 100%; }
    :is(.status, .cut > .status, .offline > .status) { order: 2; flex: 1000 1 0; min-width: 0; max-inline-size: max-content; white-space: normal; line-height: 1.2; }
    .hatched { order: 2; flex: 1 1 0; }
    .peers { order: 3; }
    .clock { order: 4; flex: 1 1 100%; white-space: normal; flex-wrap: wrap; }
    .clock .word { position: static; clip-path: none; }
  }
`;
