import { css } from 'lit';

/**
 * The box for a new tag or task. Where a window has little room it folds to a plus; while it is used it lies over what is beside it, so that nothing moves
 * under a pointer when it folds again.
 */
export const newItemStyles = css`
  /* What a browser thinks a box should be wide is no measure of the row. */
  form { contain: inline-size; position: relative; flex: 0 1 var(--new, 5rem); min-inline-size: var(--new-min, 3.5rem); min-block-size: 24px; }
  form input:not([type='checkbox'], [type='radio']) {
    min-block-size: 24px; border: 0; border-radius: 0; padding: 0; background: none; box-shadow: inset 0 -1px 0 var(--edge); font-size: var(--t1);
  }
  form input:not([type='checkbox'], [type='radio']):placeholder-shown:not(:focus) { background: var(--new-plus, none); }
  form input:not(:focus)::placeholder { color: var(--new-word, var(--ink-3)); }
  form input:not([type='checkbox'], [type='radio']):is(:focus, :not(:placeholder-shown)) {
    position: var(--new-over, static); inset: 0 0 auto auto; z-index: 2; inline-size: var(--new-open, 100%); background: var(--new-ground, none);
  }
`;
