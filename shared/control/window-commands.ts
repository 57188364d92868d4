/** What a scenario asks of a replica window, over the control channel, and what the window answers. The channel is never cut: a scenario can be watched. */
import type { ReplicaId } from '../clocks/dot.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { EditOptions, StrategyId } from '../history/record.ts';
import type { ReplicaStatus } from './replica-status.ts';

export type WindowCommand =
  /** The answer is a `ShownField`. */
  | { readonly does: 'show'; readonly column: StrategyId; readonly field: FieldId }
  | { readonly does: 'perform'; readonly field: FieldId; readonly intent: Intent; readonly options: Pick<EditOptions, 'only' | 'column' | 'continues'> }
  | { readonly does: 'read'; readonly from: ReplicaId }
  | { readonly does: 'network'; readonly online: boolean }
  | { readonly does: 'skew'; readonly skewMs: number }
  /** Its clock goes on by so many milliseconds at once, as all others' do: time that nobody wants to wait for. */
  | { readonly does: 'advance'; readonly ms: number }
  | { readonly does: 'promote' }
  | { readonly does: 'report' }
  /** The program ends without a word, and waits to be started again. */
  | { readonly does: 'crash' }
  /** It is started again. Its clock is as far ahead as the other windows' clocks are: by so many milliseconds. */
  | { readonly does: 'restart'; readonly advancedMs: number };

/** How a window stands right now: the answer to `report`. */
export interface WindowReport {
  readonly status: ReplicaStatus;
  /** Own edits without a first answer, by a coordinated strategy. */
  readonly unanswered: number;
  readonly members: readonly ReplicaId[];
}
