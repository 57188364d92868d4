/** How far a clock is off, in words: "5 min ahead", "90 s behind", "right". */
export function skewText(skewMs: number): string {
  if (skewMs === 0) return 'right';
  const seconds = Math.abs(skewMs) / 1000;
  const amount = seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${Number(seconds.toFixed(1))} s`;
  return `${amount} ${skewMs > 0 ? 'ahead' : 'behind'}`;
}
