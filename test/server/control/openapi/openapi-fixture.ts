/** The description of the control API, and whether values and real answers fit it. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { openApiDocument, templateOf } from '../../../../server/control/openapi/openapi-document.ts';
import type { ApiOperation } from '../../../../server/control/openapi/api-operation.ts';

export const described = openApiDocument();

/** "GET /-/api/rooms/{room}" */
export function nameOf({ method, path }: Pick<ApiOperation, 'method' | 'path'>): string {
  return `${method.toUpperCase()} ${templateOf(path)}`;
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(described, 'api');

/** Checks a value against the schema at a place in the document; null where it fits, else what is wrong. */
export function misfit(value: unknown, ...place: string[]): string | null {
  const pointer = place.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  const validate = ajv.getSchema(`api#${pointer}`) as ValidateFunction | undefined;
  if (!validate) throw new Error(`there is no schema at ${place.join(' / ')}`);
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

interface Call {
  /** For the parameters of the path; the room is "lab" and the name "A" where it is not said. */
  readonly values?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: unknown;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Responses {
  readonly responses: Readonly<Record<string, { readonly $ref?: string } | undefined>>;
}

/** Makes calls, holds each answer against the description, and remembers what was seen: "PUT /-/api/relay 400". */
export class CheckedCalls {
  readonly seen = new Set<string>();

  constructor(private readonly lab: { readonly url: string }) {}

  /** `path` is the router's. Fails unless the call is answered with this status, and as it is described. Returns the answer's body. */
  async make(method: ApiOperation['method'], path: string, status: number, { values = {}, body, query = '', headers = {} }: Call = {}): Promise<unknown> {
    const name = `${nameOf({ method, path })} ${status}`;
    const known: Record<string, string> = { room: 'lab', name: 'A', ...values };
    const address = path.replaceAll(/:([A-Za-z]+)/g, (_, key: string) => encodeURIComponent(known[key]!));
    const response = await fetch(this.lab.url + address + query, { method: method.toUpperCase(), headers, ...(body === undefined ? {} : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }) });
    const answer = await response.text();
    expect(response.status, `${name}: ${answer}`).toBe(status);
    const place = placeOf(method, path, status);
    const { content = {} } = place.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], described) as { readonly content?: object };
    const type = response.headers.get('content-type')?.split(';')[0];
    if (type === undefined) expect(Object.keys(content), name).toEqual([]);
    else expect(Object.keys(content), name).toContain(type);
    this.seen.add(name);
    if (type === undefined) return void expect(answer, name).toBe('');
    if (!('schema' in (content as Record<string, object>)[type]!)) return answer;
    const value: unknown = type.endsWith('json') ? JSON.parse(answer) : answer;
    expect(misfit(value, ...place, 'content', type, 'schema'), name).toBeNull();
    return value;
  }
}

/** Where the document describes the answer of this status. */
function placeOf(method: ApiOperation['method'], path: string, status: number): string[] {
  const told = (described.paths[templateOf(path)]![method] as Responses).responses[status];
  if (!told) throw new Error(`${nameOf({ method, path })} answers ${status}, which is not described`);
  return told.$ref ? told.$ref.slice(2).split('/') : ['paths', templateOf(path), method, 'responses', String(status)];
}
