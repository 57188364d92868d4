/**
 * What consensus made of each edit: the accepted edits of a field are one chain, numbered without gaps, so that nothing accepted is ever lost [CAS1].
 */
import type { Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { chainJudge, type ConversingJudge, orderedChain } from './chain-judge.ts';
import type { Settlements } from './settlements.ts';

export function consensusJudge(schema: Schema, edits: readonly EditRecord[], settlements: Settlements): ConversingJudge {
  return chainJudge('consensus', schema, edits, settlements, orderedChain);
}
