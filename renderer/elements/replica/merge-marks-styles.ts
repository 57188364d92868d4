import { css } from 'lit';
import { whoStyles } from '../../styles/who-styles.ts';

/** Rose is gone or broken, violet is somebody's turn, all else is ink; the line under a mark has its author's colour. */
export const mergeMarksStyles = css`
  .verdict { grid-column: 1 / -1; font-size: var(--t2); line-height: 1.3; color: var(--ink-2); overflow-wrap: anywhere; }
  .broken { font-size: var(--t1); color: var(--lost); white-space: nowrap; }
  .bar { grid-column: 1 / -1; display: flex; gap: 1px; block-size: 4px; margin-block: 3px; background: var(--sunk); }
  .bar span { min-inline-size: 3px; background: var(--kept-fill); }
  .bar .superseded { background: var(--superseded-fill); }
  .bar .turn { background: var(--turn-fill); }
  .bar :is(.lost, .resurrected) { background: var(--lost-fill); }
  .bar :is(.refused, .unknown, .pending) { background: var(--surface); box-shadow: inset 0 0 0 1px var(--edge); }
  .bar .pending { background: repeating-linear-gradient(90deg, var(--ink-3) 0 2px, transparent 2px 4px); box-shadow: none; }
  .line { border-block-end: 2px solid var(--colour); text-decoration-color: currentColor; }
  .ghost { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 6px; font-size: var(--t1); line-height: 1.5; color: var(--lost); overflow-wrap: anywhere; min-inline-size: 0; }
  .ghost .act { min-block-size: 24px; padding: 0; border: 0; background: none; font: inherit; font-weight: 700; color: var(--ink); text-decoration: underline; text-underline-offset: 2px; cursor: pointer; }
  /* Tiles have room for what happened; the review says why. */
  @media (min-width: 600px) and (max-width: 959.98px) { .why { display: none; } }
  .met { display: none; margin: 2px 0 0; padding: 0; list-style: none; font-size: var(--t1); color: var(--ink-2); }
  .met li { display: flex; align-items: baseline; gap: 4px; min-inline-size: 0; max-inline-size: 190px; line-height: 1.5; }
  .met .line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  ${whoStyles}
  @media (min-width: 960px) { .met { display: block; } }
`;
