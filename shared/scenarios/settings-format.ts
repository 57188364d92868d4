/** The shapes of the strategies' settings, wherever people write them: scenarios, control API. Objects are strict: a misspelt member is an error. */
import { z } from 'zod';

const copies = z.number().int().min(1, 'at least 1 replica must answer').max(1_000);

export const strategyIdShape = z.enum(['crdt', 'last-writer-wins', 'siblings', 'quorum', 'consensus', 'single-leader']);

export const strategySettingsShapes = {
  lastWriterWins: z.strictObject({ granularity: z.enum(['field', 'document']), clock: z.enum(['wall', 'hybrid']) }),
  siblings: z.strictObject({ sets: z.enum(['ask', 'union']), numbers: z.enum(['ask', 'maximum', 'sum']) }),
  quorum: z.strictObject({ r: copies, w: copies, readRepair: z.boolean(), writeBack: z.boolean(), sloppy: z.boolean(), antiEntropy: z.boolean() }),
  consensus: z.strictObject({ localReads: z.boolean() }),
  singleLeader: z.strictObject({ replication: z.enum(['asynchronous', 'majority', 'all']), promotion: z.enum(['anybody', 'majority']) }),
};
