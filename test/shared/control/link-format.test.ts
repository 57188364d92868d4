import { describe, expect, test } from 'vitest';
import { parseLink, parseLinkFaults } from '../../../shared/control/link-format.ts';
import { isFaultless, noFaults } from '../../../shared/network/link.ts';

describe('links as people write them', () => {
  test('what is not named is no fault', () => {
    expect(parseLink({}, 3)).toEqual({ online: true, upstream: noFaults, downstream: noFaults, seed: 3 });
    expect(parseLink({ upstream: { latencyMs: 80 }, seed: 0 }, 3)).toEqual({ online: true, upstream: { ...noFaults, latencyMs: 80 }, downstream: noFaults, seed: 0 });
    expect(isFaultless(parseLinkFaults({ jitterMs: 1 }))).toBe(false);
    expect(isFaultless(parseLinkFaults({ cut: true }))).toBe(false);
  });

  test.each([
    ['{"upstream":{"dropRate":1.5}}', 'upstream.dropRate is a share from 0 to 1, not 1.5'],
    ['{"downstream":{"latencyMs":-1}}', 'downstream.latencyMs is a number of milliseconds from 0 to 60000, not -1'],
    ['{"upstream":{"latencyMs":"80"}}', 'upstream.latencyMs is a number of milliseconds from 0 to 60000, not "80"'],
    ['{"upstream":{"bandwidthKbps":0}}', 'upstream.bandwidthKbps is a number of kilobits a second above 0, at most 10000000, or null for no limit, not 0'],
    ['{"upstream":{"cut":1}}', 'upstream.cut is true or false, not 1'],
    ['{"online":"no"}', 'online is true or false, not "no"'],
    ['{"seed":-1}', 'seed is a whole number from 0 to 4294967295, not -1'],
    ['{"seed":1.5}', 'seed is a whole number from 0 to 4294967295, not 1.5'],
    ['{"upstream":null}', 'upstream is an object, not null'],
    ['{"upstream":{"latencyMs":null}}', 'upstream.latencyMs is a number of milliseconds from 0 to 60000, not null'],
    ['{"online":null}', 'online is true or false, not null'],
    ['{"seed":null}', 'seed is a whole number from 0 to 4294967295, not null'],
    ['{"upstream":[]}', 'upstream is an object, not a list'],
    ['[]', 'a link is an object, not a list'],
    ['null', 'a link is an object, not null'],
    ['{"latencyMs":5}', 'a link has no member "latencyMs"; online, upstream, downstream, seed are'],
    ['{"upstream":{"__proto__":{"cut":true}}}', 'upstream has no member "__proto__"; latencyMs, jitterMs, bandwidthKbps, dropRate, duplicateRate, reorderRate, cut are'],
    ['{"__proto__":{"online":false}}', 'a link has no member "__proto__"; online, upstream, downstream, seed are'],
  ])('%s is refused in one line', (json, line) => {
    expect(() => parseLink(JSON.parse(json), 1)).toThrow(new RangeError(line));
  });

  test.each([NaN, Infinity, 60_001])('a latency of %d is refused', (latencyMs) => {
    expect(() => parseLinkFaults({ latencyMs })).toThrow(RangeError);
  });
});
