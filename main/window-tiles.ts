/** Where windows go on the screen: side by side in rows, in reading order, none over another while there is room. */
import type { Rectangle } from 'electron';
import { windowSizeMin } from './window-options.ts';

/**
 * The places of `count` windows in a work area, all in device-independent pixels. Rows are filled evenly and the number of columns
 * is chosen so that windows come out nearest to the shape of the area. No window is smaller than it may be, or outside of the area.
 * `frameHeight` is left free below each window, for a title bar that the window's height does not count in.
 */
export function tile(count: number, area: Rectangle, frameHeight = 0): Rectangle[] {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const rows = Math.max(1, Math.ceil(count / columns));
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const column = index - row * columns;
    const width = Math.max(windowSizeMin.width, edge(area.width, inRow, column + 1) - edge(area.width, inRow, column));
    const height = Math.max(windowSizeMin.height, edge(area.height, rows, row + 1) - edge(area.height, rows, row) - frameHeight);
    return {
      x: area.x + Math.max(0, Math.min(edge(area.width, inRow, column), area.width - width)),
      y: area.y + Math.max(0, Math.min(edge(area.height, rows, row), area.height - height)),
      width,
      height,
    };
  });
}

/** The place of a window that is opened later: over the others, each a little further down and to the right than the last. */
export function cascade(index: number, area: Rectangle): Rectangle {
  const width = Math.min(area.width, Math.max(windowSizeMin.width, Math.round(area.width / 2)));
  const height = Math.min(area.height, Math.max(windowSizeMin.height, Math.round(area.height / 2)));
  const step = 32;
  const steps = Math.max(1, Math.floor(Math.min(area.width - width, area.height - height) / step));
  const offset = (index % steps) * step;
  return { x: area.x + offset, y: area.y + offset, width, height };
}

function edge(length: number, parts: number, index: number): number {
  return Math.round((length * index) / parts);
}
