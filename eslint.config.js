// The rules that lint keeps. What a rule of the house needs to know of several files at once is in test/tidy.
import tseslint from 'typescript-eslint';

const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' };

/** A list that is spread into a call overflows the stack once it is long: some 8,000 to 100,000 items. Where it is surely short, a comment may allow it and say why. */
const noSpreadInCalls = {
  selector: ':matches(CallExpression, NewExpression) > SpreadElement',
  message: 'A long list overflows the stack: hand over the list itself, or take one item after the other.',
};

/** The wall clock may be set at any time: what is reckoned from two readings of it may be anything. */
const noErrorText = { selector: "ConditionalExpression[test.operator='instanceof'][test.right.name='Error']", message: 'Use errorText or errorTrace of shared/encoding/error-text.ts.' };
const noWallDurations = {
  selector: "BinaryExpression[operator='-'] > CallExpression[callee.property.name='wallMs']",
  message: 'A duration is a difference of two nowMs: the wall clock may have been set meanwhile.',
};

/** What would make the shared code depend on the machine that it runs on: time and chance come in through ports. */
const machineGlobals = [
  'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'requestAnimationFrame', 'performance', 'crypto', 'fetch',
  'WebSocket', 'XMLHttpRequest', 'window', 'document', 'navigator', 'location', 'localStorage', 'indexedDB', 'self', 'globalThis', 'global', 'process', 'Buffer', 'TextDecoder', 'TextEncoder', 'require',
];

export default tseslint.config(
  { ignores: ['dist/**', 'examples/*/dist/**', 'release/**', 'coverage/**', 'node_modules/**', 'test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      'no-restricted-syntax': ['error', noEnum],
      'no-console': 'off',
      eqeqeq: ['error', 'always'],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // The program itself: no promise that nobody waits for, as a write that fails unseen is an edit lost.
    files: ['{shared,server,main,renderer,library,examples}/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: ['{server,main,renderer}/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', noEnum, noSpreadInCalls, noWallDurations, noErrorText],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take a timestamp from the clock (wallMs), and a duration too (nowMs).' },
      ],
    },
  },
  {
    files: ['shared/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...machineGlobals.map((name) => ({ name, message: 'The shared code knows no machine: let it come in through a port (shared/ports).' }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time from the Clock port.' },
        { object: 'Math', property: 'random', message: 'Take randomness from the Random port.' },
      ],
      'no-restricted-syntax': [
        'error',
        noEnum,
        noSpreadInCalls,
        noWallDurations,
        noErrorText,
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from the Clock port.' },
        { selector: "CallExpression[callee.name='Date']", message: 'Take the time from the Clock port.' },
      ],
      'no-restricted-imports': ['error', {
        patterns: [{ group: ['node:*', 'electron', 'electron/*', 'ws', 'lit', 'lit/*', 'idb', 'y-websocket', 'y-indexeddb', 'classic-level', 'hono', 'hono/*'], message: 'The shared code knows no machine and no screen.' }],
      }],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'vitest', importNames: ['it'], message: 'A test is called test.' }] }],
    },
  },
);
