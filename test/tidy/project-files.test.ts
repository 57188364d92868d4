import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { hostsIn, machineInReach } from './project-files.ts';
import { projectRoot } from './source-files.ts';

const read = (path: string) => readFileSync(projectRoot + path, 'utf8');

describe('project files', () => {
  test('shared code can see nothing but the language', () => {
    const { config } = ts.parseConfigFileTextToJson('tsconfig.json', read('shared/tsconfig.json')) as { config: { compilerOptions: object } };
    expect(machineInReach(config.compilerOptions)).toBeNull();
  });

  test.each([[{ lib: ['ES2022', 'DOM'], types: [] }], [{ lib: ['ES2022'], types: ['node'] }], [{ lib: ['ES2022'] }], [{}]])('%j lets it see more', (options) => {
    expect(machineInReach(options)).not.toBeNull();
  });

  test('the lock file names no host', () => {
    expect(hostsIn(read('package-lock.json'))).toEqual([]);
  });

  test('a host in a lock file is found', () => {
    expect(hostsIn('{"packages":{"":{},"node_modules/a":{"resolved":"https://host.example/a.tgz"}}}')).toHaveLength(1);
  });
});
