/** The shapes of what comes in over the control API and the control channel. Objects are strict: a misspelt member is an error. */
import { z } from 'zod';
import type { ControlMessage } from './control-message.ts';
import { defaultSettings, type LabSettings, type SettingsChange } from './lab-settings.ts';
import type { ReplicaStatus } from './replica-status.ts';
import type { Schema } from '../document/schema.ts';
import { replicaNamePattern } from '../clocks/dot.ts';
import { errorText } from '../encoding/error-text.ts';
import { instancePattern } from '../protocol/wire-fields.ts';
import { isRoomName, roomBytesMax, roomNameRule } from '../protocol/room-name.ts';
import { strategyIdShape, strategySettingsShapes } from '../scenarios/settings-format.ts';
import { presetOf, presets, withPreset } from '../strategies/presets.ts';
import { Problem } from './problem.ts';

export const replicaIdSchema = z.string().regex(replicaNamePattern, 'a replica name is 1 to 32 of A–Z a–z 0–9 _ -');
export const count = z.number().int().nonnegative();

/** Who wrote settings before there was a choice of who can be promoted meant anybody. */
const singleLeaderShape = strategySettingsShapes.singleLeader.extend({ promotion: strategySettingsShapes.singleLeader.shape.promotion.default('anybody') });

const strategyIdsShape = z.array(strategyIdShape).min(1, 'at least one strategy is needed').refine((all) => new Set(all).size === all.length, 'a strategy is named twice');

/** What people can set. */
export const settingsShape = z.strictObject({
  enabled: strategyIdsShape.describe('The strategies that carry out edits, each once'),
  columns: strategyIdsShape.max(6, 'at most six columns are on stage').describe('The columns on stage, in every window of the room, each once'),
  preset: z.enum(presets.map(({ id }) => id)).nullable().describe('The named system that the settings were last set to; any other change, but one of the columns, sets it back to null'),
  ...strategySettingsShapes,
  singleLeader: singleLeaderShape,
});

/** A document as a scenario made it. Its values were checked when the scenario was read. */
const roomSchemaShape = z.array(z.object({ id: z.string(), type: z.enum(['register', 'text', 'counter', 'set', 'list', 'stock']), label: z.string(), initial: z.unknown() })).min(1).transform((fields) => fields as unknown as Schema);

const columnsSinceMsShape = z.number().int().nonnegative().describe('When the columns were put on stage, in milliseconds since 1970; 0: nobody has chosen any');

/** All settings of a room but its document. */
export const allSettingsShape = settingsShape.extend({ columnsSinceMs: columnsSinceMsShape });

/** Settings as they were stored, by this version or by one that had fewer. Where they are a preset's, they are what the preset says today. */
export const settingsSchema: z.ZodType<LabSettings> = allSettingsShape.extend({ schema: roomSchemaShape.nullable(), leader: replicaIdSchema.nullable() }).partial().transform((stored) => ofToday({ ...defaultSettings, ...stored }));

function ofToday(settings: LabSettings): LabSettings {
  return settings.preset === null ? settings : withPreset(settings, presetOf(settings.preset));
}

/** A change of settings: what it does not name stays as it is. */
export const settingsChangeSchema: z.ZodType<SettingsChange> = settingsShape.partial();

/** JSON Schema counts characters: a name within its limit may still have too many bytes. */
export const roomNameSchema = z.string().min(1).max(roomBytesMax).refine(isRoomName, roomNameRule).describe(`Percent-encoded as one segment ("org%2Fdoc"): ${roomNameRule}`);

/** Which island, in an address. */
export const islandNumberSchema = z.string().regex(/^[0-9]{1,6}$/, 'an island is counted from 0');

/** Most rooms that one answer lists of those in the store. */
export const storedPageMax = 1_000;
export const storedLimitSchema = z.string().refine((text) => /^[0-9]{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= storedPageMax, `limit is a whole number from 1 to ${storedPageMax}`);

export const relayStateSchema = z.strictObject({ online: z.boolean() });

export const replicaRequestSchema = z.strictObject({
  name: replicaIdSchema.optional().describe('The wanted name; the next free letter, if left out'),
  instance: z.string().regex(instancePattern, 'an instance is 1 to 64 of A–Z a–z 0–9 _ -').describe('Names the copy: the same one always gets the same replica'),
});

export const statusSchema: z.ZodType<ReplicaStatus> = z.strictObject({
  replica: replicaIdSchema,
  online: z.boolean().describe('Whether its network switch is on'),
  connection: z.enum(['offline', 'connecting', 'synced']),
  waiting: count.describe('Edits of its own that the relay has not confirmed as stored'),
  allSaved: z.boolean(),
  clock: z.record(z.string(), count).describe('Its version vector'),
  edits: z.record(z.string(), count).default({}).describe('How many edits of each replica it has'),
  skewMs: z.number(),
  digests: z.partialRecord(strategyIdShape, z.string().max(256)).describe('Digest of what each strategy shows there'),
  rejoin: z.strictObject({
    beganMs: z.number().describe('In milliseconds since the Unix epoch'),
    apartMs: z.number().describe('For how long it had not reached those that it met'),
    wasOffline: z.boolean(),
    met: z.array(replicaIdSchema),
    here: count.describe('How many edits it had that they lacked'),
    there: count.describe('How many came'),
  }).optional().describe('Its latest rejoin, once all of it is there'),
});

/** The latest time that a date can have, in milliseconds since the Unix epoch. */
export const timeMsMax = 8.64e15;

/** A moment of a room's history. Later than any date it could not be told in words. */
const atMsShape = z.number().nonnegative().max(timeMsMax).nullable().describe('In milliseconds since the Unix epoch, by true time as the events of the history have it; fractions are rounded. null: now');

export const momentChoiceSchema = z.strictObject({ atMs: atMsShape });

/** What a window or a control room may send on the control channel. */
export type IncomingControl = Extract<ControlMessage, { kind: 'status' | 'network' | 'moment' | 'notes' | 'ask-time' | 'done' }>;

export const incomingControlSchema: z.ZodType<IncomingControl> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('status'), status: statusSchema }),
  z.strictObject({ kind: z.literal('network'), replica: replicaIdSchema, online: z.boolean() }),
  z.strictObject({ kind: z.literal('moment'), atMs: atMsShape }),
  z.strictObject({ kind: z.literal('notes'), instance: z.string().max(100), from: count.min(1), notes: z.array(z.record(z.string(), z.unknown())).max(1_000) }),
  z.strictObject({ kind: z.literal('ask-time'), sentMs: z.number() }),
  z.strictObject({ kind: z.literal('done'), id: count, value: z.unknown().optional(), error: z.string().max(2_000).optional() }) as z.ZodType<Extract<ControlMessage, { kind: 'done' }>> & z.ZodObject,
]);

/** "granularity: Invalid option…" */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it has the wrong shape';
  return `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`;
}

/** Checks a request's JSON body; throws a Problem 400 that says what was wrong. */
export function checkedBody<Value>(schema: z.ZodType<Value>, body: string): Value {
  const result = schema.safeParse(jsonOf(body));
  if (!result.success) throw new Problem(400, `the body has the wrong shape: ${firstIssue(result.error)}`);
  return result.data;
}

/** The same with a parser that throws a RangeError of one line. */
export function parsedBody<Value>(parse: (input: unknown) => Value, body: string): Value {
  const json = jsonOf(body);
  try {
    return parse(json);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(400, `the body has the wrong shape: ${error.message}`);
    throw error;
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Problem(400, `the body is not JSON: ${errorText(error)}`);
  }
}

const paceExpected = 'paceMs is a whole number from 0 to 60000';

/** How long people see each step of a scenario, in milliseconds. */
export const paceMsSchema = z.number(paceExpected).int(paceExpected).min(0, paceExpected).max(60_000, paceExpected);

const speedExpected = 'speed is a number from 0.5 to 2';

/** How fast people read, against the usual. */
export const speedSchema = z.number(speedExpected).min(0.5, speedExpected).max(2, speedExpected);

/** Which scenario to choose: one of the catalogue or of the room, or a text in YAML or JSON. */
export const scenarioChoiceSchema = z.union([z.strictObject({ name: z.string().max(80).describe('Of the catalogue, or of a text that was chosen in this room before: text:1') }), z.strictObject({ text: z.string().describe('YAML or JSON: docs/scenarios.md') })], 'expected { "name": … } or { "text": … }');
