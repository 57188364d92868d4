import { css } from 'lit';

/** The covers of the healing stage, and what flies there. */
export const gridStageStyles = css`
  /* The healing stage: what this window had, over the value that it becomes; and what flies there. */
  .before { position: absolute; z-index: 2; inset: 0; padding: inherit; overflow: hidden; background: inherit; pointer-events: none; font-size: var(--value, var(--t3)); line-height: 1.35; white-space: pre-wrap; overflow-wrap: anywhere; }
  .cell:has(.before) { background: var(--surface); }
  .before.number { font-size: var(--number, var(--t4)); font-weight: 600; line-height: 1.15; }
  .fly {
    position: fixed; z-index: 20; inset: 0 auto auto 0; max-inline-size: 200px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; pointer-events: none;
    padding: 1px 6px; border-radius: 4px; background: var(--surface); color: var(--ink); box-shadow: inset 0 -2.5px 0 var(--colour), 0 1px 6px rgba(0, 0, 0, 0.22); font-size: var(--t2); line-height: 1.3;
  }
`;
