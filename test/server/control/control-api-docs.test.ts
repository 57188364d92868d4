/** docs/control-api.md: every call is in it, its curl lines do what they say, and its tests are those of the example, word for word. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { operations } from '../../../server/control/openapi/openapi-document.ts';
import { projectRoot } from '../../tidy/source-files.ts';
import { startLab } from '../../support/lab-fixture.ts';

const page = `${projectRoot}docs/control-api.md`;
const writeAnew =
  'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/server/control/control-api-docs.test.ts';
const excerpts = /<!-- (examples\/\S+) -->\n```ts\n([^]*?)```\n/g;

function withExcerpts(markdown: string): string {
  return markdown.replaceAll(excerpts, (_, path: string) => `<!-- ${path} -->\n\`\`\`ts\n${shownOf(path)}\`\`\`\n`);
}

function shownOf(path: string): string {
  const shown = /\/\/ Shown in docs\/control-api\.md\.\n([^]*?)\/\/ End of what is shown\.\n/.exec(readFileSync(projectRoot + path, 'utf8'))?.[1];
  if (shown === undefined) throw new Error(`${path} does not mark what is shown`);
  return shown;
}

if (process.env['REJOIN_WRITE_DOCS'] === '1') writeFileSync(page, withExcerpts(readFileSync(page, 'utf8')));
const markdown = readFileSync(page, 'utf8');

describe('tests', () => {
  test('what is shown is what the example has', () => {
    expect(markdown, `write it anew by: ${writeAnew}`).toBe(withExcerpts(markdown));
  });

  test('one with Vitest and one with Playwright are shown, and no other code', () => {
    expect([...markdown.matchAll(excerpts)].map(([, path]) => path)).toEqual(['examples/codemirror/partition.test.ts', 'examples/codemirror/partition.spec.ts']);
    expect(blocks.map(({ language }) => language).filter((language) => language !== '')).toEqual(['ts', 'ts']);
  });
});

interface Curl {
  readonly line: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A command line of curl, as far as the page uses it. Throws for anything else. */
function curlOf(line: string): Curl {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(([, single, double, plain]) => (single ?? double ?? plain)!);
  let [method, url, body]: [string, string, string | undefined] = ['GET', '', undefined];
  // What curl itself sends with -d.
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'curl') continue;
    if (word === '-X') method = words.shift()!;
    else if (word === '-d') body = words.shift()!;
    else if (word === '-H') {
      const [name, value] = words.shift()!.split(': ') as [string, string];
      headers[name] = value;
    } else if (word === '>') words.shift();
    else if (word.startsWith('http://127.0.0.1:1234/')) url = word;
    else throw new Error(`"${word}" of ${line} is not known`);
  }
  return { line, method, url, headers, body };
}

const blocks = [...markdown.matchAll(/```(\w*)\n([^]*?)```\n/g)].map(([, language, text]) => ({ language: language!, text: text! }));
const curls = blocks.filter(({ language }) => language === '').flatMap(({ text }) => text.trimEnd().split('\n')).map(curlOf);

test('every line for the shell is done by a relay', async () => {
  const lab = await startLab({ scenariosDir: `${projectRoot}shared/scenarios` });
  for (const { line, method, url, headers, body } of curls) {
    const answer = await fetch(url.replace('http://127.0.0.1:1234', lab.url), { method, headers, body });
    expect(answer.status, `${line}: ${await answer.text()}`).toBeLessThan(300);
  }
  expect(curls.length).toBeGreaterThan(10);
});

test('every call is named', () => {
  const named = new Set([...markdown.matchAll(/^\|.*\|$/gm)].flatMap(([row]) => namesIn(row)));
  const missing = operations.map(({ method, path }) => `${method.toUpperCase()} ${path.replace(':room', 'ROOM').replace(':name', 'NAME')}`).filter((name) => !named.has(name));
  expect(missing, 'name them in a table of docs/control-api.md').toEqual([]);
});

/** The calls that a row of a table names: "`GET`, `PUT /-/api/x`", "`PUT /-/api/x` … `DELETE` …" and "`POST /-/api/x/step`, `…/pause`". */
function namesIn(row: string): string[] {
  const found: string[] = [];
  let waiting: string[] = [];
  let last = { method: '', path: '' };
  for (const [, code] of row.matchAll(/`([^`]*)`/g)) {
    const full = /^(GET|PUT|POST|DELETE) (\/\S+?)(\[.*)?$/.exec(code!);
    if (/^(GET|PUT|POST|DELETE)$/.test(code!)) {
      // Alone before a path, or after one.
      if (last.path === '') waiting.push(code!);
      else found.push(`${code} ${last.path}`);
    } else if (full) {
      last = { method: full[1]!, path: full[2]! };
      found.push(...[...waiting, last.method].map((method) => `${method} ${last.path}`));
      waiting = [];
    } else if (code!.startsWith('…/')) found.push(`${last.method} ${last.path.replace(/[^/]*$/, '')}${code!.slice(2)}`);
  }
  return found;
}
