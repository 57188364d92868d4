/** docs/openapi.json says what the server does: every route is there and no other, the document keeps OpenAPI's rules. Real answers: openapi-answers.test.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { type ApiOptions, createApi } from '../../../../server/control/api.ts';
import { apiVersion, openApiDocument, operations, templateOf } from '../../../../server/control/openapi/openapi-document.ts';
import type { ApiOperation } from '../../../../server/control/openapi/api-operation.ts';
import { requestShapes } from '../../../../server/control/openapi/request-shapes.ts';
import { projectRoot } from '../../../tidy/source-files.ts';
import { described, misfit, nameOf } from './openapi-fixture.ts';

const file = `${projectRoot}docs/openapi.json`;
const writeAnew =
  'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/server/control/openapi/openapi.test.ts';
const text = `${JSON.stringify(described, null, 1)}\n`;
if (process.env['REJOIN_WRITE_DOCS'] === '1') writeFileSync(file, text);

describe('docs/openapi.json', () => {
  test('is what the server says', () => {
    expect(readFileSync(file, 'utf8'), `docs/openapi.json is out of date; write it anew by: ${writeAnew}`).toBe(text);
  });

  test('has the version of the program', () => {
    expect(apiVersion).toBe((JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8')) as { version: string }).version);
  });

  test('keeps the rules of OpenAPI 3.1', async () => {
    expect(await rulesBroken(described)).toEqual([]);
  });

  test('one that breaks them is found', async () => {
    expect(await rulesBroken({ ...described, paths: { '/-/api/relay': { get: { responses: { 200: {} } } } } })).not.toEqual([]);
    expect(await rulesBroken({ ...described, info: { title: 'without a version' } })).not.toEqual([]);
  });

  test('a call that answers with bytes can be described; one with a parameter that nobody described cannot', async () => {
    const madeUp: ApiOperation = { method: 'get', path: '/-/api/rooms/:room/made-up', id: 'madeUp', tag: 'Rooms', summary: 'Made up', problems: [404], answer: { kind: 'bytes', type: 'application/octet-stream', description: 'Bytes' } };
    expect(await rulesBroken(openApiDocument([madeUp]))).toEqual([]);
    expect(() => openApiDocument([{ ...madeUp, path: '/-/api/rooms/:rome' }])).toThrow('"rome" in /-/api/rooms/:rome is not described: add it to pathParameters in request-shapes.ts');
  });

  test('every reference leads somewhere, and every call has a name of its own', () => {
    for (const [, name, part] of text.matchAll(/"#\/components\/(schemas|responses)\/(\w+)"/g)) expect(Object.keys(described.components[name as 'schemas'])).toContain(part);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  });
});

async function rulesBroken(document: object): Promise<string[]> {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
  if (valid) return [];
  return typeof errors === 'string' ? [errors] : (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('every call is described, and nothing else', () => {
  const api = createApi({ relay: () => Promise.reject(new Error('no call is made')), core: {}, pagesDir: null } as unknown as ApiOptions);
  const routes = [...new Set(api.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/-/')).map(({ method, path }) => `${method} ${templateOf(path)}`))];

  test('what the server answers is in the lists', () => {
    const missing = routes.filter((route) => !operations.some((operation) => nameOf(operation) === route));
    expect(missing, `not described: add each to a list in server/control/openapi/*-operations.ts, give its answer a shape in answer-shapes.ts, make the call in openapi-answers.test.ts, then write docs/openapi.json anew by: ${writeAnew}`).toEqual([]);
  });

  test('what is in the lists the server answers', () => {
    expect(operations.map(nameOf).filter((name) => !routes.includes(name)), 'described in server/control/openapi/*-operations.ts, but the server has no such call').toEqual([]);
    expect(routes.length).toBeGreaterThan(20);
  });
});

describe('examples fit what they are examples of', () => {
  test.each(operations.map((operation) => ({ name: nameOf(operation), operation })))('$name', ({ operation: { method, path, body, answer, query = [] } }) => {
    for (const [name, value] of Object.entries(body?.examples ?? {})) expect(misfit(value, 'components', 'schemas', body!.shape), name).toBeNull();
    if (answer.kind === 'json') expect(misfit(answer.example, 'components', 'schemas', answer.shape)).toBeNull();
    for (const { shape, example } of query) expect(shape.safeParse(example).success).toBe(true);
    const told = (described.paths[templateOf(path)]![method] as { parameters?: { example: unknown }[] }).parameters ?? [];
    for (const [at, { example }] of told.entries()) expect(misfit(example, 'paths', templateOf(path), method, 'parameters', String(at), 'schema')).toBeNull();
  });
});

test('what the server refuses the description refuses, as far as JSON Schema can say it', () => {
  const wrong: Readonly<Record<keyof typeof requestShapes, readonly unknown[]>> = {
    RelaySwitch: [{}, { online: 'yes' }, { online: true, extra: 1 }],
    SettingsChange: [{ enabled: [] }, { preset: 'oracle' }, { quorum: { r: 1 } }, { quorum: { r: 0, w: 1, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true } }, { schema: null }],
    ReplicaRequest: [{}, { instance: '' }, { instance: 'a b' }, { instance: 'i', name: 'a b' }],
    MomentChoice: [{}, { atMs: -1 }, { atMs: 'now' }, { atMs: 8.65e15 }, { atMs: 0, extra: 1 }, 7],
    IslandLists: [{}, ['A'], [[]], [['']], [['x'.repeat(65)]], [[7]]],
    LinkChange: [[], { upstreem: {} }, { upstream: { latencyMs: -1 } }, { upstream: { latencyMs: 60_001 } }, { downstream: { dropRate: 1.1 } }, { upstream: { bandwidthKbps: 0 } }, { seed: 1.5 }, { seed: -1 }, { seed: 2 ** 32 }, { online: null }],
    ScenarioChoice: [{}, { name: 'a', text: 'b' }, { name: 'x'.repeat(81) }, 'last-seat'],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      expect(requestShapes[name as keyof typeof requestShapes].safeParse(value).success, `${name} ${JSON.stringify(value)}`).toBe(false);
      expect(misfit(value, 'components', 'schemas', name), `${name} ${JSON.stringify(value)}`).not.toBeNull();
    }
  }
});
