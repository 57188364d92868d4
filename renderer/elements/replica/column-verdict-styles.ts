import { css } from 'lit';
import { whoStyles } from '../../styles/who-styles.ts';

/** Rose is gone or broken, violet is somebody's turn, all else is ink; the line under a mark has its author's colour. */
export const columnVerdictStyles = css`
  .verdict { font-size: var(--t2); line-height: 1.3; color: var(--ink); overflow-wrap: anywhere; }
  .broken { font-size: var(--t1); color: var(--lost); white-space: nowrap; }
  .bar { display: flex; gap: 1px; block-size: 4px; background: var(--sunk); }
  .bar span { min-inline-size: 3px; background: var(--kept-fill); }
  .bar .superseded { background: var(--superseded-fill); }
  .bar .turn { background: var(--turn-fill); }
  .bar :is(.lost, .resurrected) { background: var(--lost-fill); }
  .bar :is(.refused, .unknown, .pending) { background: var(--surface); box-shadow: inset 0 0 0 1px var(--edge); }
  .bar .pending { background: repeating-linear-gradient(90deg, var(--ink-3) 0 2px, transparent 2px 4px); box-shadow: none; }
  ${whoStyles}
`;
