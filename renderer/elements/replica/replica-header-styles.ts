import { css } from 'lit';

export const headerStyles = css`
  header {
    display: flex; align-items: center; gap: 2px var(--space-2);
    padding: var(--space-half) var(--space); border-block-end: 1px solid var(--line); border-block-start: 3px solid var(--colour); background: var(--surface);
    transition: background-color 200ms;
  }
  header.offline { background: var(--offline); border-block-end-color: var(--offline-edge); color: var(--on-offline); --text-quiet: var(--on-offline); }
  header > * { white-space: nowrap; }
  h1 { display: flex; align-items: center; gap: 6px; font-size: var(--type-body); font-weight: 700; }
  .self .who { min-inline-size: 1.5rem; block-size: 1.5rem; border-radius: 0.75rem; font-size: 0.8125rem; }
  lab-switch { font-weight: 600; }
  .status { display: flex; align-items: center; gap: 4px; font-weight: 600; flex: 1 0 auto; }
  .clock { min-width: 4rem; }
  .status.connecting span { padding-inline: 6px; border-radius: var(--radius); background: var(--offline); color: var(--on-offline); }
  .status.connecting .mark { display: none; }
  .status.cut { white-space: normal; line-height: 1.2; }
  .cut-icon { display: block; }
  /* What is cut is hatched, beside the words that say so. */
  .hatched { flex: 1 1 2rem; align-self: stretch; min-height: 1rem; background: var(--hatch); }
  :is(.cut, .offline) > .status { flex: 0 1 auto; }
  .cut > .status { min-width: 8rem; }
  .status.synced { color: var(--on-kept); }
  .peers, .clock { display: flex; align-items: center; gap: 6px; }
  wa-tooltip { --max-width: 18rem; white-space: normal; }
  /* Web Awesome's dropdown has no box of its own: its trigger is the header's child as far as layout goes. */
  .menu { margin-inline-start: auto; padding: 0; font-size: var(--type-large); line-height: 1; color: inherit; }
  #clock { border-radius: 3px; cursor: help; overflow: hidden; text-overflow: ellipsis; }

  .offline .chip { background: transparent; border: 1px solid currentColor; }

  @media (max-width: 800px) {
    header { gap: 2px 10px; }
    .clock .word { position: absolute; clip-path: inset(50%); }
    .offline .nobody { display: none; }
  }
  /* A phone: name, switch and menu on the first line, the rest below. */
  @media (max-width: 559.98px) {
    header { flex-wrap: wrap; }
    .menu { order: 1; }
    .status { order: 2; flex: 1 0 60%; }
    .hatched { order: 2; }
    .peers { order: 3; }
    .clock { order: 4; flex: 1 1 100%; white-space: normal; flex-wrap: wrap; }
    .clock .word { position: static; clip-path: none; }
  }
`;
