/** How a moment is named on screens. */
/** No time of a clock is so early: a simulated run counts from its beginning. */
const runMsMax = 1_000_000_000;

const clockTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** "14:29:58"; in a simulated run "12.3 s". */
export function timeText(ms: number): string {
  return Math.abs(ms) < runMsMax ? `${(ms / 1_000).toFixed(1)} s` : clockTime.format(ms);
}
