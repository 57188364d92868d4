/**
 * The shapes of what the control API answers, under the names that the OpenAPI document gives them.
 * The compiler checks them against the types that the answers are made from, and
 * test/server/control/openapi/openapi-answers.test.ts against real answers. Objects are strict, so
 * that a member that is not described is found.
 */
import { z } from 'zod';
import type { Replication } from '../../../shared/analysis/replication/replication-figures.ts';
import { type ReplicationSeries, seriesLengthMax } from '../../../shared/analysis/replication/replication-series.ts';
import type { StrategyFigures } from '../../../shared/analysis/strategy-figures.ts';
import { levels } from '../../../shared/analysis/verdicts/levels.ts';
import type { Verdict } from '../../../shared/analysis/verdicts/verdict.ts';
import type { Verdicts } from '../../../shared/analysis/verdicts/verdicts.ts';
import { islandsShape, sessionNameShape } from '../../../shared/control/islands-format.ts';
import type { LabSettings } from '../../../shared/control/lab-settings.ts';
import { linkShape, seedShape } from '../../../shared/control/link-format.ts';
import type { RoomView } from '../../../shared/control/room-view.ts';
import type { ScenarioView } from '../../../shared/control/scenario-view.ts';
import type { Link, NamedLink } from '../../../shared/network/link.ts';
import { strategyIdShape } from '../../../shared/scenarios/settings-format.ts';
import { allSettingsShape, count, relayStateSchema, replicaIdSchema, statusSchema } from '../../../shared/control/schemas.ts';

const field = z.strictObject({
  id: z.string(),
  type: z.enum(['register', 'text', 'counter', 'set', 'list', 'stock']),
  label: z.string().describe('What people call the field'),
  initial: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(z.strictObject({ id: z.string(), label: z.string(), done: z.boolean() }))]),
});

const settings = allSettingsShape.extend({
  schema: z.array(field).nullable().describe("The room's document; null: the lab's own"),
  leader: replicaIdSchema.nullable().describe('Who leads under single leader at first, as the scenario says; null: whoever comes first'),
}) satisfies z.ZodType<Omit<LabSettings, 'schema'> & { readonly schema: unknown }>;

const link = linkShape.extend({ seed: seedShape }) satisfies z.ZodType<Link>;
const namedLink = link.extend({ name: sessionNameShape }) satisfies z.ZodType<NamedLink>;

const figures = z.strictObject({
  strategy: strategyIdShape,
  actions: count.describe('Runs of typing, and every other edit by itself; kept to pending add up to them'),
  edits: count.describe('The single edits of those actions'),
  kept: count,
  superseded: count.describe('Replaced by edits whose authors had seen them'),
  lost: count.describe('Gone though nobody who had seen them removed them'),
  toResolve: count.describe('Kept beside others; wait for a person'),
  resurrected: count.describe('Removals that came to nothing'),
  refused: count,
  unknown: count.describe('The strategy could not say whether they went through'),
  pending: count.describe('Not everywhere yet'),
  wasUnknown: count.describe('Actions whose outcome was unknown for a while'),
  putBack: count.describe('Actions that somebody put back'),
  touching: count.describe('Places of texts where edits touch that people made without having seen each other; of the CRDT'),
  choices: count.describe('How often a person chose between siblings'),
  charactersTyped: count,
  charactersLost: count,
  ruleBroken: count.describe('Stocks below zero in the end'),
  oversold: count.describe('Things promised beyond what there was'),
  staleReads: count,
  reads: count.describe('Values of single fields that people asked for'),
  readsRefused: count.describe('Of those: not answered, as too few could be asked'),
  latencyMs: z.number().nonnegative().nullable().describe('Median time to an answer in milliseconds; 0: at once, null: none yet'),
  latencyP95Ms: z.number().nonnegative().nullable().describe('The 95th percentile of the same'),
  readLatencyMs: z.number().nonnegative().nullable().describe('Median time from asking to the answer of a read in milliseconds; 0: at once, null: nobody read'),
  readLatencyP95Ms: z.number().nonnegative().nullable().describe('The 95th percentile of the same'),
  lagMs: z.number().nonnegative().nullable().describe('Median true time from an edit to its arrival at each other replica in milliseconds; null: no window noted it'),
  lagWorstMs: z.number().nonnegative().nullable().describe('The worst of the same'),
  divergedMs: z.number().nonnegative().nullable().describe('For how long some field did not show the same at all replicas, in milliseconds'),
  whileCut: z.strictObject({
    replicas: z.array(replicaIdSchema).describe('Those that were cut off'),
    actions: count.describe('What was done there while they were cut off'),
    answered: count.describe('Of that: what went through before the cut ended, as people were told'),
  }).nullable().describe('Null: no replica was cut off, or nothing was done there meanwhile'),
  converged: z.boolean().nullable().describe('Whether all open replicas show the same; null while a link is down or something is under way'),
  bytesSent: count.describe('What windows sent for it since the relay began'),
}) satisfies z.ZodType<StrategyFigures>;

const milliseconds = z.number().nonnegative();

const replication = z.strictObject({
  lag: z.array(z.strictObject({
    strategy: strategyIdShape,
    replica: replicaIdSchema.describe('Where edits of others arrived'),
    medianMs: milliseconds.nullable(),
    worstMs: milliseconds.nullable(),
    arrived: count,
    underWay: count.describe('Edits that have not arrived'),
  })),
  divergence: z.array(z.strictObject({
    strategy: strategyIdShape,
    fields: z.array(z.string()).describe('Those that do not show the same at all replicas now'),
    divergedMs: milliseconds.nullable().describe('For how long some field differed; null: no window noted it'),
  })),
  rejoins: z.array(z.strictObject({
    replica: replicaIdSchema,
    beganMs: z.number(),
    endedMs: z.number().nullable().describe('Null: something that the others had has not arrived'),
    met: z.array(replicaIdSchema),
    here: count.describe('Edits that this replica had and those that it met lacked'),
    there: count.describe('Edits that came'),
  })),
}) satisfies z.ZodType<Replication>;

const span = z.strictObject({ fromMs: z.number(), untilMs: z.number() });

const series = span.extend({
  strategy: strategyIdShape,
  cuts: z.array(span).describe('When some replica was cut off'),
  fields: z.array(count).max(seriesLengthMax).describe('How many fields differ: at each point the most since the point before; empty: nothing happened, or no window noted it'),
  fieldsMax: count,
  fieldsNow: count,
  divergedMs: milliseconds.describe('For how long some field differed'),
  behind: z.array(z.strictObject({
    replica: replicaIdSchema,
    ms: z.array(milliseconds).max(seriesLengthMax).describe('How old the oldest edit is that has not arrived there: at each point the most since the point before'),
    msMax: milliseconds,
  })),
}) satisfies z.ZodType<ReplicationSeries>;

const verdict = z.discriminatedUnion('verdict', [
  z.strictObject({ verdict: z.literal('holds') }),
  z.strictObject({ verdict: z.literal('broken'), witness: z.strictObject({ sentence: z.string(), operations: z.array(z.string()).describe('Dots of edits, names of reads, by their beginning') }) }),
  z.strictObject({ verdict: z.literal('unknown'), reason: z.string() }),
]) satisfies z.ZodType<Verdict>;

const level = z.enum(levels as [(typeof levels)[number], ...(typeof levels)[number][]]);

const verdicts = z.strictObject({
  levels: z.record(level, verdict),
  strongest: level.nullable().describe('The strongest level that holds; null if none does'),
}) satisfies z.ZodType<Verdicts>;

const scenario = z.strictObject({
  name: z.string().nullable().describe('In the catalogue; text:1 and so on where it came as a text, by which it can be chosen again in this room until the lab ends; null where it is not known any more'),
  title: z.string(),
  lookAt: z.string().describe('What it teaches and where to look'),
  replicas: z.array(replicaIdSchema),
  steps: z.array(z.strictObject({
    does: z.string(),
    say: z.string().nullable(),
    fields: z.array(z.string()).describe('Those that it changes'),
    beganMs: count.nullable().describe('When it began: nothing that it caused is earlier; null until then'),
    endedMs: count.nullable().describe('When it was done with all that it caused, in milliseconds since the Unix epoch, by true time as the events of the history have it; null until then'),
  })),
  beganMs: count.nullable().describe('The moment before the first step; null until that begins'),
  begun: count.describe('How many steps were begun'),
  done: count.describe('How many steps were done'),
  state: z.enum(['waiting', 'playing', 'paused', 'judging', 'over']),
  trouble: z.string().nullable().describe('Why it cannot go on, or what it waits for'),
  judgements: z.array(z.strictObject({ path: z.string(), outcome: z.enum(['holds', 'broken', 'unknown']), sentence: z.string() })).describe('Once it is over'),
}) satisfies z.ZodType<ScenarioView>;

const session = z.strictObject({
  name: z.string(),
  replica: z.boolean().describe("Whether it is a replica's window"),
  island: count.optional().describe('While the room is divided: its island, counted from 0 in the order of the lists; the unnamed ones come last'),
});

const verdictsByStrategy = z.partialRecord(strategyIdShape, verdicts);

const room = z.strictObject({
  room: z.string(),
  scenario: scenario.nullable(),
  settings,
  replicas: z.array(statusSchema).describe('Replica windows that are open now'),
  sessions: z.array(session).describe('Whoever is connected: replicas and other y-websocket clients'),
  islands: islandsShape.describe('The names on each island; none while the room is whole'),
  links: z.array(namedLink).describe('The links that have faults'),
  totals: z.array(figures),
  verdicts: verdictsByStrategy.describe('Strategies that were not judged yet are not among them'),
  documentBytes: count,
}) satisfies z.ZodType<Omit<RoomView, 'settings'> & { readonly settings: Omit<LabSettings, 'schema'> & { readonly schema: unknown } }>;

export const answerShapes = {
  RelayState: relayStateSchema,
  Relay: z.strictObject({ online: z.boolean(), url: z.url().describe('Where the relay listens') }),
  Rooms: z.strictObject({
    relayOnline: z.boolean(),
    rooms: z.array(room).describe('Those in memory'),
    stored: z.array(z.strictObject({ name: z.string(), loaded: z.boolean().describe('Whether it is in memory') })).nullable().describe('A page of those in the store; null: it cannot be read now'),
    next: z.string().nullable().describe('The `after` of the next page; null: this is the last'),
  }),
  DocumentMerged: z.strictObject({ changed: z.boolean().describe('Whether anything of the update was new'), documentBytes: count.describe('Size of the document, as one update') }),
  Room: room,
  Settings: settings,
  DocumentField: field,
  Moment: z.strictObject({ atMs: count.nullable().describe('In milliseconds since the Unix epoch; null: now') }),
  ReplicaName: z.strictObject({ replica: replicaIdSchema }),
  Replica: statusSchema,
  Session: session,
  Islands: islandsShape,
  Link: link,
  NamedLink: namedLink,
  Scorecard: z.array(figures),
  Replication: replication,
  ReplicationSeries: series,
  StrategyFigures: figures,
  VerdictsByStrategy: verdictsByStrategy,
  Verdicts: verdicts,
  Verdict: verdict,
  Scenario: scenario,
  ChosenScenario: scenario.nullable(),
  Catalogue: z.array(z.strictObject({ name: z.string(), title: z.string(), lookAt: z.string(), replicas: z.array(replicaIdSchema) })),
  Problem: z.strictObject({
    type: z.literal('about:blank'),
    title: z.string().describe('What the status is called'),
    status: z.number().int().min(400).max(599),
    detail: z.string().describe('One line: what was wrong, with what, and what was expected'),
  }),
  OpenApi: z.looseObject({ openapi: z.literal('3.1.0') }),
} satisfies Record<string, z.ZodType>;

export type AnswerName = keyof typeof answerShapes;
