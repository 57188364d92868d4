/** How one call of the control API is described. The lists of them are in *-operations.ts; openapi-document.ts makes the OpenAPI document of them. */
import type { z } from 'zod';
import type { AnswerName } from './answer-shapes.ts';
import type { RequestName } from './request-shapes.ts';

export interface ApiOperation {
  readonly method: 'get' | 'put' | 'post' | 'delete';
  /** As the router has it: "/-/api/rooms/:room/links/:name". Each :parameter is described in request-shapes.ts. */
  readonly path: string;
  /** Its name in generated clients, unique: "bendLink". */
  readonly id: string;
  readonly tag: Tag;
  /** What it does, as the rest of a sentence about the call. */
  readonly summary: string;
  /** What else is to be known. */
  readonly description?: string;
  readonly query?: readonly QueryParameter[];
  /** The JSON body; without one the call takes none. */
  readonly body?: { readonly shape: RequestName; readonly examples: Readonly<Record<string, unknown>> };
  /** A body of bytes, and what they are. */
  readonly bytes?: string;
  readonly answer: OperationAnswer;
  /** The statuses of the problems that it answers with, beside those of every call. */
  readonly problems: readonly ProblemStatus[];
}

export type Tag = 'Relay' | 'Rooms' | 'Faults' | 'Findings' | 'Scenarios';

export type ProblemStatus = 400 | 404 | 409 | 413;

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly shape: z.ZodType;
  readonly example: unknown;
}

export type OperationAnswer =
  | { readonly kind: 'json'; readonly description: string; readonly shape: AnswerName; readonly example: unknown }
  /** Text that is not JSON; `type` is its media type without parameters: "application/jsonl". */
  | { readonly kind: 'text'; readonly type: string; readonly description: string; readonly example: string }
  /** Bytes that are no text: "application/octet-stream". */
  | { readonly kind: 'bytes'; readonly type: string; readonly description: string }
  /** Status 204, no body. */
  | { readonly kind: 'nothing'; readonly description: string };
