import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { badNames, enums, exportedTwice, rulesIn, tooLong, untested } from './house-style.ts';
import { projectRoot, readSources, rooms } from './source-files.ts';

const everything = readSources([...rooms, 'test', 'tools', 'bench', 'examples'], ['.ts', '.mjs', '.css', '.html']);
const typescript = everything.filter(({ path }) => path.endsWith('.ts'));

describe('names', () => {
  test('files are kebab-case and say what is in them', () => {
    expect(badNames(everything.map(({ path }) => path))).toEqual([]);
  });

  test.each(['shared/utils.ts', 'server/relay/types.ts', 'renderer/elements/LabMap.ts', 'main/window_options.ts', 'test/common.test.ts'])('%s is a bad name', (path) => {
    expect(badNames([path])).toHaveLength(1);
  });

  test.each(['shared/clocks/dot.ts', 'test/contracts/store.browser.test.ts', 'renderer/styles/tokens.css'])('%s is a good name', (path) => {
    expect(badNames([path])).toEqual([]);
  });

  test('an exported name stands once', () => {
    const inRooms = typescript.filter(({ path }) => rooms.some((room) => path.startsWith(`${room}/`)));
    expect(exportedTwice(inRooms)).toEqual([]);
  });

  test.each([
    ['export interface Place {}', 'export type Place = string;'],
    ['export function read(): void {}', 'export const read = 1;'],
    ['export const { from, to } = ends;', 'class from {}\nexport { from };'],
  ])('"%s" beside "%s" is a name that stands twice', (one, other) => {
    expect(exportedTwice([{ path: 'shared/a.ts', text: one }, { path: 'server/b.ts', text: other }])).toHaveLength(1);
  });

  test.each([
    ['export interface Place {}', "export type { Place } from './a.ts';"],
    ['export function read(text: string): void;\nexport function read(): void {}', 'const read = 1;'],
  ])('"%s" beside "%s" is a name that stands once', (one, other) => {
    expect(exportedTwice([{ path: 'shared/a.ts', text: one }, { path: 'shared/b.ts', text: other }])).toEqual([]);
  });
});

describe('forms', () => {
  test('no enum', () => {
    expect(enums(typescript)).toEqual([]);
  });

  test('an enum is found', () => {
    expect(enums([{ path: 'shared/a.ts', text: 'export const enum Colour { Red }' }])).toHaveLength(1);
  });

  test('no file is too long', () => {
    expect(tooLong(everything)).toEqual([]);
  });

  test('a file that is too long is found', () => {
    expect(tooLong([{ path: 'shared/a.ts', text: '\n'.repeat(400) }])).toHaveLength(1);
  });
});

describe('numbered rules', () => {
  test('each rule in shared/strategies/SPEC.md is quoted by the title of a test', () => {
    const rules = rulesIn(readFileSync(`${projectRoot}shared/strategies/SPEC.md`, 'utf8'));
    expect(rules.length).toBeGreaterThan(0);
    expect(new Set(rules).size).toBe(rules.length);
    expect(untested(rules, typescript.filter(({ path }) => path.endsWith('.test.ts') || path.startsWith('library/contracts/')))).toEqual([]);
  });

  test('a rule that is mentioned only in a comment has no test', () => {
    const tests = [{ path: 'test/a.test.ts', text: "// [ABC2]\ntest('[ABC1] holds', () => {});\ndescribe.each([1])(`[ABC3] %i`, () => {});" }];
    expect(untested(rulesIn('- [ABC1] a\n- [ABC2] b\n- [ABC3] c, see [XYZ9]\n'), tests)).toEqual(['ABC2']);
  });
});

describe('the top of the project', () => {
  test.each(['package.json', 'tsconfig.json', 'electron-builder.yml', 'README.md', 'LICENSE', 'main', 'renderer', 'server', 'shared', 'test'])('%s is there', (name) => {
    expect(existsSync(projectRoot + name)).toBe(true);
  });
});
