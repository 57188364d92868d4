/** Which expectations of a scenario can be asked of other steps than its own: those that forbid something, whoever does what. */
import { figures } from './scenario.ts';
import type { RawExpectations, RawScenario } from './scenario-format.ts';

export interface ReusableExpectations {
  readonly expect: RawScenario['expect'];
  /** What only the file's own steps bring about, by path: "expect.crdt.value". */
  readonly leftOut: readonly string[];
}

/**
 * Values, what is broken, and figures that are neither 0 nor "at most" something tell of the file's own steps; all else may hold of any.
 */
export function reusableExpectationsOf(expect: RawScenario['expect']): ReusableExpectations {
  const leftOut: string[] = [];
  const kept = Object.entries(expect).map(([name, raw]) => {
    const members = Object.entries(raw ?? {}).filter(([member, expected]) => {
      const isKept = forbids(member, expected);
      if (!isKept) leftOut.push(`expect.${name}.${member}`);
      return isKept;
    });
    return [name, Object.fromEntries(members) as RawExpectations] as const;
  });
  return { expect: Object.fromEntries(kept.filter(([, members]) => Object.keys(members).length > 0)), leftOut };
}

function forbids(member: string, expected: unknown): boolean {
  if ((figures as readonly string[]).includes(member)) return expected === 0 || (typeof expected === 'string' && expected.startsWith('at most'));
  return member === 'holds' || member === 'neverBelow' || (member === 'converged' && expected === true);
}
