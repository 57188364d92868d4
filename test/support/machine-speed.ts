/** How fast this machine computes just now: machines are lent by the hour, and share their cores. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What reading the numbers takes, in milliseconds, on machines that limits were found on; quiet slow ones take one and a half times as long, busy ones three times. */
const usualMs = 20;
const numbers = 6_000_000;
const readings = 8;
/** A machine that is slower still tells nothing. */
const slownessMax = 5;

/** 1: as fast as usual, or faster; 3: all computing takes three times as long. Only what this process computes counts, not how long it waits for a core. */
export function slowness(): number {
  const bytes = encoding.encode((encoder) => {
    for (let at = 0; at < numbers; at++) encoding.writeVarUint(encoder, at % 1_000);
  });
  // The first time it is not compiled. A neighbour on the same core comes and goes: the slowest reading tells what a single piece of work may take.
  readingMs(bytes);
  const slowestMs = Array.from({ length: readings }, () => readingMs(bytes)).reduce((most, ms) => Math.max(most, ms));
  return Math.min(slownessMax, Math.max(1, slowestMs / usualMs));
}

function readingMs(bytes: Uint8Array): number {
  const used = process.cpuUsage();
  const decoder = decoding.createDecoder(bytes);
  while (decoding.hasContent(decoder)) decoding.readVarUint(decoder);
  return process.cpuUsage(used).user / 1_000;
}
