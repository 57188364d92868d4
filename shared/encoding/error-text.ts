/* eslint-disable no-restricted-syntax -- here it stands once */
/** The message of whatever was thrown: JavaScript may throw anything. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** With the place in the code where it was thrown, for the log: nobody expected it. */
export function errorTrace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
