import { css } from 'lit';

export const roomStyles = css`
  :host { display: block; min-height: 100dvh; background: var(--page); }
  header {
    display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space-2);
    padding: var(--space) var(--space-2); background: var(--surface); border-block-end: 1px solid var(--line);
  }
  h1 { font-size: var(--type-large); font-weight: 700; line-height: 1; }
  header button { margin-inline-start: auto; }
  lab-switch { font-weight: 600; }
  .relay { font-weight: 600; }
  .relay.on { color: var(--on-kept); }
  .relay.off { padding: 2px var(--space); border-radius: var(--radius); background: var(--offline); color: var(--on-offline); }
  .trouble { padding: var(--space-half) var(--space-2); background: var(--lost); color: var(--on-lost); font-weight: 600; }
  .starting { padding: var(--space-2); }

  main { display: grid; gap: var(--space-2); padding: var(--space) var(--space-2) var(--space-2); max-width: 90rem; margin: 0 auto; }
  main.stale section { filter: grayscale(1); }
  .steps { color: var(--text-quiet); }
  .step {
    display: inline-block; width: 1.25em; height: 1.25em; line-height: 1.25em; border-radius: 50%; text-align: center;
    font-size: var(--type-small); font-weight: 700; background: var(--noted); color: var(--on-noted);
  }
  .step:not(:first-child) { margin-inline-start: var(--space-half); }
  section { display: grid; gap: var(--space-half); min-width: 0; }
  .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: var(--space); }
  .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); color: var(--text-quiet); padding-block-start: var(--space-half); }
  .line a { display: inline-flex; align-items: center; gap: 4px; min-height: 24px; }
  .dot { width: 0.75rem; height: 0.75rem; border-radius: 50%; }
  ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); column-gap: var(--space-2); }
  li { padding-block: 1px; }
  .verdicts { display: grid; gap: var(--space-half); }
  .foot { overflow-wrap: anywhere; }
`;
