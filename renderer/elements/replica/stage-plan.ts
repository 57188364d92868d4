/**
 * When each act of the healing stage begins, and how long it takes; in milliseconds from its beginning. Source: 6-windows, "The healing stage".
 *
 * Rows are the fields that met, from the top; columns the strategies, from the left. The whole takes 3.3 s with two columns.
 */

/** Every row a little later than the one above. */
const rowMs = 60;
const columnMs = 140;
/** Chips leave what met. */
export const flowMs = 700;
const verdictMs = 1_950;

export interface Act {
  readonly delay: number;
  readonly duration: number;
}

export interface CellActs {
  readonly flight: Act;
  /** What this window had fades. */
  readonly fade: Act;
  readonly siblings: Act;
  readonly status: Act;
  readonly strike: Act;
}

/** Both sides of a row slide in. */
export function meetAct(row: number): Act {
  return { delay: row * rowMs, duration: 400 };
}

export function cellActs(row: number, column: number): CellActs {
  const start = flowMs + row * rowMs + column * columnMs;
  return {
    flight: { delay: start, duration: 900 },
    siblings: { delay: start + 600, duration: 450 },
    fade: { delay: start + 750, duration: 300 },
    status: { delay: start + 780, duration: 350 },
    strike: { delay: start + 1_000, duration: 400 },
  };
}

/** The verdict and the bar of a column. */
export function verdictAct(column: number): Act {
  return { delay: verdictMs + column * columnMs, duration: 700 };
}

/** Where more has changed, the final state is shown at once. */
export const stageFieldsMax = 12;
/** So long after a rejoin began the stage begins, be it over or not. */
export const stageWaitMsMax = 1_500;
