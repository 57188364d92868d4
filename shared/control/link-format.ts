/** How somebody writes down what is wrong with a link: shapes that both check it and describe it to others (docs/openapi.json). What is not named is no fault. */
import { z } from 'zod';
import { inputText } from '../encoding/input-text.ts';
import { type Link, type LinkFaults, noFaults } from '../network/link.ts';

const delayMsMax = 60_000;
const bandwidthKbpsMax = 10_000_000;
const seedMax = 2 ** 32 - 1;

/** Ends the sentence that the name of the member begins. */
function expected(what: string) {
  return { error: ({ input }: { readonly input?: unknown }) => `is ${what}, not ${inputText(input)}` };
}

const msExpected = expected(`a number of milliseconds from 0 to ${delayMsMax}`);
const ms = z.number(msExpected).min(0, msExpected).max(delayMsMax, msExpected);
const shareExpected = expected('a share from 0 to 1');
const share = z.number(shareExpected).min(0, shareExpected).max(1, shareExpected);
const flag = z.boolean(expected('true or false'));
const bandwidthExpected = expected(`a number of kilobits a second above 0, at most ${bandwidthKbpsMax}, or null for no limit`);
const seedExpected = expected(`a whole number from 0 to ${seedMax}`);

/** The seed of a link's chances. */
export const seedShape = z.number(seedExpected).int(seedExpected).min(0, seedExpected).max(seedMax, seedExpected);

/** What happens to frames one way. */
export const linkFaultsShape = strict({
  latencyMs: ms.default(noFaults.latencyMs).describe('Least time that a frame takes, in milliseconds; the order stays'),
  jitterMs: ms.default(noFaults.jitterMs).describe('Each frame takes up to so much longer, in milliseconds; the order stays'),
  bandwidthKbps: z.number(bandwidthExpected).positive(bandwidthExpected).max(bandwidthKbpsMax, bandwidthExpected).nullable().default(noFaults.bandwidthKbps).describe('Kilobits (1,000 bits) a second; null: as fast as frames come'),
  dropRate: share.default(noFaults.dropRate).describe('Share of the frames that are lost'),
  duplicateRate: share.default(noFaults.duplicateRate).describe('Share of the frames that arrive twice'),
  reorderRate: share.default(noFaults.reorderRate).describe('Share of the frames that are held back, so that later ones overtake them'),
  cut: flag.default(noFaults.cut).describe('Every frame is lost; the socket stays open'),
});

const online = flag.default(true).describe('Off: the socket is closed, and the name is refused until it is on again');

/** A link as somebody writes it; the seed is drawn where there is none. */
export const linkShape = strict({
  online,
  upstream: linkFaultsShape.prefault({}).describe('From the session to the relay'),
  downstream: linkFaultsShape.prefault({}).describe('From the relay to the session'),
  seed: seedShape.optional().describe('Decides what chance decides: the same seed gives the n-th frame the same fate'),
});

/** Faults as somebody wrote them. Throws a RangeError of one line that begins with `where`, such as "upstream". */
export function parseLinkFaults(input: unknown, where = 'faults'): LinkFaults {
  return parsed(linkFaultsShape, input, [where]);
}

/** A link as somebody wrote it. `seed` is used where they named none. Throws a RangeError of one line. */
export function parseLink(input: unknown, seed: number): Link {
  const link = parsed(linkShape, input, []);
  return { ...link, seed: link.seed ?? seed };
}

/** An object without other members. */
function strict<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const members = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `has no member ${inputText((issue as { readonly keys?: readonly string[] }).keys?.[0])}; ${members} are` : `is an object, not ${inputText(issue.input)}`),
  });
}

function parsed<Shape extends z.ZodObject>(shape: Shape, input: unknown, where: readonly string[]): z.output<Shape> {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const place = [...where, ...path].join('.');
  throw new RangeError(`${place === '' ? 'a link' : place} ${message}`);
}
