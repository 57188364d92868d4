/** How much larger than 16 px a person, or Present, has the letters: what is laid out in pixels grows with them. Never below 1. */
export function typeScale(): number {
  return Math.max(1, Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
}
