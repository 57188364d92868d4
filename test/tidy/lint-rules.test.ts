import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';
import { projectRoot } from './source-files.ts';

/** Made-up files belong to no TypeScript project, so the rules that need types are left out for them. */
const untyped = new ESLint({ cwd: projectRoot, overrideConfig: [tseslint.configs.disableTypeChecked as object] });

async function complaints(path: string, text: string, eslint = untyped): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: projectRoot + path });
  return result!.messages.map((message) => message.ruleId ?? message.message);
}

test.each([
  'export const a = Date.now();',
  'export const a = new Date();',
  'export const a = Math.random();',
  'setTimeout(() => {}, 1);',
  'export const a = performance.now();',
  'export const a = crypto.randomUUID();',
  'export const a = fetch("/");',
  'export const a = document.title;',
  'export const a = process.pid;',
  'export const a = new TextDecoder();',
  "import fs from 'node:fs'; export const a = fs;",
  "import { app } from 'electron'; export const a = app;",
  "import { WebSocket } from 'ws'; export const a = WebSocket;",
])('shared code may not: %s', async (text) => {
  expect(await complaints('shared/clocks/made-up.ts', text)).toHaveLength(1);
});

test('the rest of the program may, and shared code may give a Date its time', async () => {
  expect(await complaints('server/relay/made-up.ts', 'export const a = performance.now();')).toEqual([]);
  expect(await complaints('shared/clocks/made-up.ts', 'export const a = (ms: number) => new Date(ms).toISOString();')).toEqual([]);
});

test('a test has one name', async () => {
  expect(await complaints('test/made-up.test.ts', "import { it } from 'vitest'; it('holds', () => {});")).toEqual(['no-restricted-imports']);
  expect(await complaints('test/made-up.test.ts', "import { test } from 'vitest'; test('holds', () => {});")).toEqual([]);
});

test('nothing is left unused, and there is no enum', async () => {
  expect(await complaints('server/relay/made-up.ts', 'const a = 1;')).toEqual(['@typescript-eslint/no-unused-vars']);
  expect(await complaints('renderer/elements/made-up.ts', 'export enum A { B }')).toEqual(['no-restricted-syntax']);
});

test.each([
  'export const a = (list: number[], more: number[]) => list.push(...more);',
  'export const a = (list: number[]) => Math.max(0, ...list);',
  'export const a = (use: (...words: string[]) => void, words: string[]) => use(...words);',
])('no list may be spread into the arguments of a call: %s', async (text) => {
  for (const folder of ['shared/clocks', 'server/relay', 'main', 'renderer/elements']) {
    expect(await complaints(`${folder}/made-up.ts`, text), folder).toEqual(['no-restricted-syntax']);
  }
  const copied = 'export const a = (list: number[], more: number[]) => [...list, ...more];';
  expect(await complaints('shared/clocks/made-up.ts', copied)).toEqual([]);
});

test('no duration is reckoned by the wall clock', async () => {
  const started = 'export const a = (clock: { wallMs(): number }, ms: number) => ';
  for (const folder of ['shared/clocks', 'server/relay', 'main', 'renderer/elements']) {
    const path = `${folder}/made-up.ts`;
    expect(await complaints(path, `${started}clock.wallMs() - ms;`), folder).toEqual(['no-restricted-syntax']);
    expect(await complaints(path, `${started}ms - clock.wallMs();`), folder).toEqual(['no-restricted-syntax']);
    expect(await complaints(path, `${started}clock.wallMs() + ms;`), folder).toEqual([]);
    expect(await complaints(path, 'export const a = Date.now();'), folder).toEqual(['no-restricted-properties']);
  }
});

test('the text of an error is made in one place', async () => {
  for (const folder of ['shared/clocks', 'server/relay', 'main', 'renderer/elements']) {
    expect(await complaints(`${folder}/made-up.ts`, 'export const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));'), folder).toEqual(['no-restricted-syntax']);
  }
});

test('no promise is left alone', async () => {
  // The path of a file that there is, with another text.
  const found = await complaints('shared/ports/store.ts', 'export function save(write: () => Promise<void>): void { write(); }', new ESLint({ cwd: projectRoot }));
  expect(found).toEqual(['@typescript-eslint/no-floating-promises']);
}, 60_000);
