/**
 * What a single leader made of each edit: those that stand in the log are one chain, in the log's order; an edit is lost iff every entry by which it
 * was acknowledged was rolled back [LEAD6]. Terms are totally ordered, and an entry of a lower term that nobody took off is still in the log.
 *
 * While two leaders have not met, the edits of both stand.
 */
import type { Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { chainJudge, type ConversingJudge, orderedChain } from './chain-judge.ts';
import type { Settlements } from './settlements.ts';

export function singleLeaderJudge(schema: Schema, edits: readonly EditRecord[], settlements: Settlements): ConversingJudge {
  return chainJudge('single-leader', schema, edits, settlements, orderedChain);
}
