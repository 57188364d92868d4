/** How large the built pages' scripts are on the wire: a phone loads them over a slow network. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gzipBytesOf, pageScripts } from '../support/page-scripts.ts';

const pages = fileURLToPath(new URL('../../dist/renderer', import.meta.url));

describe('scripts of the pages, compressed', () => {
  test('the replica page loads less than 160 kB before it shows a document', () => {
    const { first, later } = pageScripts(pages, 'replica.html');
    expect(gzipBytesOf(first), JSON.stringify(first)).toBeLessThan(160_000);
    // Its ledger is computed in a worker; that script is for the worker alone.
    expect(later.map(({ file }) => file).filter((file) => file.startsWith('ledger-worker'))).toHaveLength(1);
  });

  test('the control room loads less than 120 kB before it shows the map', () => {
    const { first, later } = pageScripts(pages, 'index.html');
    expect(gzipBytesOf(first), JSON.stringify(first)).toBeLessThan(120_000);
    expect(later.some(({ file }) => file.startsWith('live-space-time'))).toBe(true);
  });
});
