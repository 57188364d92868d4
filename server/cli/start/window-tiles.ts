/** Where windows go on the screen: side by side, without overlap. Pixels. */
import { spawnSync } from 'node:child_process';

export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** A grid, row by row; the windows of the last row share its whole width. */
export function tiles(count: number, screen: ScreenSize): Tile[] {
  const rows = Math.max(1, Math.round(Math.sqrt(count / 2)));
  const height = Math.floor(screen.height / rows);
  const placed: Tile[] = [];
  for (let row = 0, left = count; row < rows; row++) {
    const inRow = Math.ceil(left / (rows - row));
    left -= inRow;
    const width = Math.floor(screen.width / inRow);
    for (let column = 0; column < inRow; column++) placed.push({ x: column * width, y: row * height, width, height });
  }
  return placed;
}

const usualScreen: ScreenSize = { width: 1440, height: 860 };

/** The size of the screen where a program tells it; else that of a usual laptop. */
export function screenSize(): ScreenSize {
  if (process.platform !== 'linux') return usualScreen;
  for (const [program, words, pattern] of [
    ['xrandr', ['--current'], /current (\d+) x (\d+)/],
    ['xdpyinfo', [], /dimensions:\s+(\d+)x(\d+)/],
  ] as const) {
    const answer = spawnSync(program, [...words], { timeout: 5_000, encoding: 'utf8' });
    const found = pattern.exec(answer.stdout ?? '');
    if (found) return { width: Number(found[1]), height: Number(found[2]) };
  }
  return usualScreen;
}
