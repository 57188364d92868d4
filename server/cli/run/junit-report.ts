/** A JUnit report, as CI systems show it: a suite a scenario, a case an expectation. Source: the format of Apache Ant's junitreport, as Jenkins reads it. */

export interface JUnitSuite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly {
    readonly name: string;
    /** What was wrong; null where nothing was. */
    readonly failure: string | null;
    /** Why nobody can tell; null where somebody can. */
    readonly error: string | null;
  }[];
}

/** The same report whatever the names: what has a name that was there already gets a number, as readers go by names. */
export function junitReport(named: readonly JUnitSuite[]): string {
  const suites = eachNamedOnce(named).map((suite) => ({ ...suite, cases: eachNamedOnce(suite.cases) }));
  const count = (of: readonly JUnitSuite[], is: 'failure' | 'error' | null): number => of.reduce((sum, { cases }) => sum + cases.filter((each) => is === null || each[is] !== null).length, 0);
  const counts = (of: readonly JUnitSuite[]): string => `tests="${count(of, null)}" failures="${count(of, 'failure')}" errors="${count(of, 'error')}"`;
  const lines = suites.flatMap((suite) => [
    `  <testsuite name="${escaped(suite.name)}" ${counts([suite])} time="${suite.seconds.toFixed(3)}">`,
    ...suite.cases.map(({ name, failure, error }) => {
      const start = `    <testcase classname="${escaped(suite.name)}" name="${escaped(name)}"`;
      if (failure !== null) return `${start}><failure message="${escaped(failure)}"/></testcase>`;
      return error !== null ? `${start}><error message="${escaped(error)}"/></testcase>` : `${start}/>`;
    }),
    '  </testsuite>',
  ]);
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${counts(suites)}>`, ...lines, '</testsuites>', ''].join('\n');
}

function eachNamedOnce<Named extends { readonly name: string }>(all: readonly Named[]): Named[] {
  const taken = new Set<string>();
  return all.map((each) => {
    let { name } = each;
    for (let count = 2; taken.has(escaped(name)); count++) name = `${each.name} (${count})`;
    taken.add(escaped(name));
    return { ...each, name };
  });
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** XML 1.0 has no other control characters, and no halves of pairs. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"\n\t]/g, (character) => entities[character]!).replaceAll(/[\u0000-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
