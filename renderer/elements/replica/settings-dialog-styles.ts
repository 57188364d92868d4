import { css } from 'lit';

export const settingsStyles = css`
  dialog {
    width: min(38rem, calc(100vw - 16px)); max-width: none; max-height: calc(100dvh - 16px); padding: 0; border: 1px solid var(--line);
    border-radius: var(--space); background: var(--surface); color: var(--text); box-shadow: 0 8px 32px rgb(0 0 0 / 0.3);
  }
  dialog::backdrop { background: rgb(0 0 0 / 0.45); }
  .body { padding: var(--space) var(--space-2); }
  .title { display: flex; justify-content: space-between; align-items: center; }
  h2 { font-size: var(--type-large); }
  section { display: grid; gap: var(--space-half); padding-block: var(--space); border-block-start: 1px solid var(--line); justify-items: start; }
  .line { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-half) var(--space); }
  input#skew { width: 7rem; }
  input.copies { width: 4rem; }
  .choice { display: inline-flex; align-items: center; gap: 6px; min-height: 24px; cursor: pointer; }
  [aria-pressed='true'] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 600; }
  fieldset { border: 0; margin: var(--space-half) 0 0; padding: 0; }
  legend { padding: 0; font-weight: 600; }
  .radio { display: grid; grid-template-columns: auto auto 1fr; gap: 2px var(--space); align-items: center; min-height: 24px; padding-block: 2px; cursor: pointer; }
  .confirm { display: grid; gap: var(--space-half); padding: var(--space); border-radius: var(--radius); background: var(--lost-tint); color: var(--lost); }
  .confirm button { color: var(--text); }
  .problem { color: var(--on-lost); }
  .problem:empty { display: none; }

  @media (max-width: 559.98px) {
    .radio { grid-template-columns: auto 1fr; }
    .radio .small { grid-column: 2; }
  }
`;
