import { css } from 'lit';

/** A bar under the table; open, a column beside it, a sheet over its right side, or a sheet from below: the window says where it stands. */
export const reviewStyles = css`
  :host { display: flex; min-block-size: 0; container-type: inline-size; }
  section { flex: 1; display: flex; flex-direction: column; min-inline-size: 0; min-block-size: 0; border-block-start: 1px solid var(--line); background: var(--page); }
  .sum { flex: none; display: flex; align-items: center; gap: var(--s1) var(--s3); min-block-size: 36px; padding: 2px var(--s3); }
  h2 { font-size: var(--t2); white-space: nowrap; }
  .say { min-inline-size: 0; color: var(--ink-3); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .say.whole { white-space: normal; line-height: 1.3; }
  .end { display: flex; gap: var(--s1); margin-inline-start: auto; flex: none; }
  .end .btn { min-block-size: max(26px, var(--control)); }
  review-list { flex: 1; }

  /* A column of its own: the sentence stands below its head. */
  @container (max-width: 26.25rem) {
    section.open .sum { flex-wrap: wrap; padding-block: var(--s2) 0; }
    section.open .say { order: 3; inline-size: 100%; white-space: normal; }
  }
  @media (max-width: 59.9988em) {
    .sum { min-block-size: 32px; padding-inline: var(--s2); }
    .again-word { display: none; }
  }
  @media (max-width: 59.9988em) and (max-height: 27.5em) { .sum { min-block-size: 28px; } .end .btn { min-block-size: max(24px, var(--control)); } }
  @media (max-width: 37.4988em) {
    .met { display: none; }
    section .sum, section.open .sum { flex-wrap: nowrap; }
    section.open .say { order: 0; inline-size: auto; }
    .end .btn { min-block-size: max(36px, var(--control)); }
  }
  @media (max-width: 22.4988em) {
    section .sum, section.open .sum { flex-wrap: wrap; row-gap: 0; }
    section .say, section.open .say { order: 3; inline-size: 100%; white-space: normal; }
  }
`;
