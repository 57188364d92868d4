/**
 * The OpenAPI 3.1 description of the control API, made from the shapes that check requests and from those that real answers are tested against, so that
 * it says what the server does. Served at /-/api/openapi.json; docs/openapi.json is the same.
 *
 * To describe a new call, add it to one of the lists of *-operations.ts, its answer's shape to
 * answer-shapes.ts and its body's to request-shapes.ts; then write the file anew.
 * test/server/control/openapi/openapi.test.ts says what is missing, and the command.
 */
import { z } from 'zod';
import { type AnswerName, answerShapes } from './answer-shapes.ts';
import { faultOperations } from './fault-operations.ts';
import type { ApiOperation, OperationAnswer, ProblemStatus } from './api-operation.ts';
import { relayOperations } from './relay-operations.ts';
import { pathParameters, requestShapes } from './request-shapes.ts';
import { findingOperations } from './finding-operations.ts';
import { roomOperations } from './room-operations.ts';
import { scenarioOperations } from './scenario-operations.ts';

export const operations: readonly ApiOperation[] = [...relayOperations, ...roomOperations, ...findingOperations, ...faultOperations, ...scenarioOperations];

/** That of package.json. */
export const apiVersion = '0.1.0';

const problemWords: Readonly<Record<ProblemStatus, string>> = {
  400: 'The body, a name or a parameter is not as expected',
  404: 'No room can have this name, or there is nothing of this name',
  409: 'Not now: the detail says what stands in the way',
  413: 'The body is too large',
};

const tags = [
  { name: 'Relay', description: 'The relay as a whole' },
  { name: 'Rooms', description: 'Rooms, their settings and replicas' },
  { name: 'Faults', description: 'Islands and links: what is wrong with the network' },
  { name: 'Findings', description: 'What became of the edits' },
  { name: 'Scenarios', description: 'Scenarios in windows' },
];

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

export function openApiDocument(all: readonly ApiOperation[] = operations) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rejoin control API',
      version: apiVersion,
      summary: 'Cut, bend and heal the network of a Yjs room, and read what became of every edit',
      description: 'Calls from other machines need the token (--host, --token); a page of another origin is refused unless --allow-origin names it. docs/control-api.md explains each call.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Without --token none is asked for.
    security: [{}, { token: [] }],
    servers: [{ url: 'http://{host}:{port}', description: 'rejoin relay, or the lab', variables: { host: { default: '127.0.0.1' }, port: { default: '1234' } } }],
    tags,
    paths: pathsOf(all),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'What --token says' } },
      schemas: namedSchemas(),
      responses: {
        ...Object.fromEntries(Object.entries(problemWords).map(([status, description]) => [`Problem${status}`, problem(Number(status), description)])),
        TokenMissing: { description: 'The relay was started with --token, and it is missing or another one', content: { 'text/plain': { schema: { type: 'string' }, example: 'This server wants its token: …\n' } } },
        Full: problem(503, 'As many rooms are in memory, or replicas in the room, as may be; or the store takes no writes now'),
        Refused: {
          description: 'The Host or the Origin is not one that this server answers to; or, as a problem: the token only reads, or a proxy hands the call on and there is no token',
          content: {
            'text/plain': { schema: { type: 'string' }, example: 'Host "evil.example" is not one that this server answers to\n' },
            'application/problem+json': { schema: reference('Problem') },
          },
        },
        Failed: problem(500, 'The server failed; its terminal says more'),
      },
    },
  };
}

/** "/-/api/rooms/{room}": a path as OpenAPI writes it. */
export function templateOf(path: string): string {
  return path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
}

function pathsOf(all: readonly ApiOperation[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of all) (paths[templateOf(operation.path)] ??= {})[operation.method] = described(operation);
  return paths;
}

function described({ path, id, tag, summary, description, query = [], body, bytes, answer, problems }: ApiOperation): object {
  const inPath = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => {
    const known = pathParameters[name!];
    if (!known) throw new Error(`"${name}" in ${path} is not described: add it to pathParameters in request-shapes.ts`);
    return { name, in: 'path', required: true, description: known.description, schema: inline(known.shape), example: known.example };
  });
  const inQuery = query.map(({ name, description: words, shape, example }) => ({ name, in: 'query', required: false, description: words, schema: inline(shape), example }));
  const parameters = [...inPath, ...inQuery];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: reference(body.shape), examples: Object.fromEntries(Object.entries(body.examples).map(([name, value]) => [name, { value }])) } } } } : {}),
    ...(bytes === undefined ? {} : { requestBody: { required: true, description: bytes, content: { 'application/octet-stream': {} } } }),
    responses: {
      ...answered(answer),
      ...Object.fromEntries(problems.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }])),
      401: { $ref: '#/components/responses/TokenMissing' },
      403: { $ref: '#/components/responses/Refused' },
      ...(path.includes(':room') ? { 503: { $ref: '#/components/responses/Full' } } : {}),
      500: { $ref: '#/components/responses/Failed' },
    },
  };
}

function answered(answer: OperationAnswer): Record<string, object> {
  const { description } = answer;
  if (answer.kind === 'nothing') return { 204: { description } };
  // OpenAPI 3.1 describes bytes by their media type alone.
  if (answer.kind === 'bytes') return { 200: { description, content: { [answer.type]: {} } } };
  if (answer.kind === 'text') return { 200: { description, content: { [answer.type]: { schema: { type: 'string' }, example: answer.example } } } };
  return { 200: { description, content: { 'application/json': { schema: reference(answer.shape), example: answer.example } } } };
}

function problem(status: number, description: string): object {
  return { description, content: { 'application/problem+json': { schema: reference('Problem') } } };
}

function reference(name: AnswerName | keyof typeof requestShapes): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Every named shape as JSON Schema; where one stands in another, it is referred to. Requests are described as they are written, answers as they come. */
function namedSchemas(): Record<string, object> {
  return { ...schemasOf(requestShapes, 'input'), ...schemasOf(answerShapes, 'output') };
}

function schemasOf(shapes: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.keys(shapes).map((id) => [id, withoutHead(schemas[id]!)]));
}

function inline(shape: z.ZodType): object {
  return withoutHead(z.toJSONSchema(shape, { io: 'input' }));
}

function withoutHead({ $schema: _schema, $id: _id, '~standard': _standard, ...rest }: Record<string, unknown>): object {
  return rest;
}
