import { css } from 'lit';

/** A value stands on its author's line: dotted while not every open window has it. `--colour` comes from colourStyle. */
export const authorStyles = css`
  .by { box-shadow: inset 0 -2.5px 0 var(--colour); padding-block-end: 1px; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
  .by.pending { box-shadow: none; padding-block-end: 0; background: radial-gradient(circle at 1.25px 1.25px, var(--colour) 1.25px, transparent 1.6px) 0 100% / 4.5px 2.5px repeat-x; }
`;
