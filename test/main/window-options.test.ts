import { describe, expect, test } from 'vitest';
import type { PageName } from '../../main/page-address.ts';
import { partitionOf, windowOptions, windowSizeMin, windowTitle } from '../../main/window-options.ts';
import { cascade, tile } from '../../main/window-tiles.ts';

const replica = (name: string): PageName => ({ kind: 'replica', replica: name });
const bounds = { x: 0, y: 0, width: 800, height: 600 };

describe('window options', () => {
  test.each([replica('A'), { kind: 'control-room' } as const])('%j is shut off from Node and from other windows', (page) => {
    const { webPreferences } = windowOptions({ page, bounds, preload: '/preload.cjs', dark: false });
    expect(webPreferences).toMatchObject({
      contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false,
      webSecurity: true, allowRunningInsecureContent: false, webviewTag: false, preload: '/preload.cjs',
    });
  });

  test('each replica has a storage of its own, and the control room another', () => {
    const pages: PageName[] = [{ kind: 'control-room' }, replica('A'), replica('B'), replica('a'), replica('A.2'), replica('aB'), replica('Ab'), replica('AB'), replica('A-1')];
    // Electron folds partition names to lower case.
    const partitions = pages.map((page) => partitionOf(page).toLowerCase());
    expect(new Set(partitions).size).toBe(pages.length);
    expect(partitionOf(replica('A'))).toBe('persist:replica-A');
    for (const partition of partitions) expect(partition).toMatch(/^persist:/);
  });

  test('a title names the replica', () => {
    expect(windowTitle(replica('B'))).toBe('Rejoin · Replica B');
  });
});

describe('tiles', () => {
  const area = { x: 10, y: 20, width: 1920, height: 1040 };

  test.each([1, 2, 3, 4, 5, 6, 7, 9, 12])('%i windows lie side by side in reading order inside the work area', (count) => {
    const tiles = tile(count, area);
    expect(tiles).toHaveLength(count);
    tiles.forEach((each, index) => {
      expect(each.x).toBeGreaterThanOrEqual(area.x);
      expect(each.y).toBeGreaterThanOrEqual(area.y);
      expect(each.x + each.width).toBeLessThanOrEqual(area.x + area.width);
      expect(each.y + each.height).toBeLessThanOrEqual(area.y + area.height);
      for (const other of tiles.slice(index + 1)) {
        expect(other.y > each.y || (other.y === each.y && other.x > each.x)).toBe(true);
        expect(each.x + each.width <= other.x || each.y + each.height <= other.y).toBe(true);
      }
    });
    expect(tiles.reduce((sum, each) => sum + each.width * each.height, 0)).toBe(area.width * area.height);
  });

  test('on a small screen windows keep their smallest size and stay inside', () => {
    for (const each of tile(9, { x: 0, y: 0, width: 800, height: 600 })) {
      expect(each.width).toBeGreaterThanOrEqual(windowSizeMin.width);
      expect(each.height).toBeGreaterThanOrEqual(windowSizeMin.height);
      expect(each.x + each.width).toBeLessThanOrEqual(800);
      expect(each.y + each.height).toBeLessThanOrEqual(600);
    }
  });

  test('windows that are opened later do not hide one another', () => {
    const places = Array.from({ length: 5 }, (_, index) => cascade(index, area));
    expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(5);
  });
});
