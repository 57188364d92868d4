/** Mistakes that one could make in the checkers: each a change of one place of their source, under which they must differ from the oracle. */
import type { Comparison } from './agreement.ts';

export interface BrokenVariant {
  readonly mistake: string;
  /** The comparison that must show it. */
  readonly what: Comparison['what'];
  /** In shared/analysis/verdicts. */
  readonly file: string;
  /** Occurs there exactly once, whatever white space is in it. */
  readonly right: string;
  readonly wrong: string;
}

export const brokenVariants: readonly BrokenVariant[] = [
  { mistake: 'real time ignored', what: 'linearizable', file: 'linearizable.ts', right: "search({ operations, specificationOf, order: 'real-time' }, budget)", wrong: "search({ operations, specificationOf, order: 'session' }, budget)" },
  { mistake: 'real time kept in sequential consistency', what: 'sequential', file: 'sequential.ts', right: "order: 'session' }, new StepBudget", wrong: "order: 'real-time' }, new StepBudget" },
  { mistake: 'open writes dropped', what: 'linearizable', file: 'search.ts', right: 'each.returnedAt !== null || mayMatter(each, operations, specificationOf)', wrong: 'each.returnedAt !== null' },
  { mistake: 'open writes must have happened', what: 'linearizable', file: 'search.ts', right: 'this.closedLeft = this.operations.filter(({ returnedAt }) => returnedAt !== null).length', wrong: 'this.closedLeft = this.operations.length' },
  { mistake: 'an open write comes before what its session does later', what: 'linearizable', file: 'operation.ts', right: 'operation.returnedAt ?? Infinity', wrong: 'operation.returnedAt ?? operation.invokedAt' },
  { mistake: 'memo without the state', what: 'linearizable', file: 'search.ts', right: '|${this.state.join()}', wrong: '' },
  { mistake: 'memo without the operations', what: 'linearizable', file: 'search.ts', right: '${first}:${this.doneBits.subarray(first, end).join()}|', wrong: '' },
  { mistake: '≤ for < in real time', what: 'linearizable', file: 'object-histories.ts', right: 'endMin < start', wrong: 'endMin <= start' },
  { mistake: '< for ≤ in a session, in searches', what: 'sequential', file: 'object-histories.ts', right: 'endMin <= start', wrong: 'endMin < start' },
  { mistake: '< for ≤ in a session, in the causal order', what: 'causal', file: 'observed-history.ts', right: 'endOf(earlier) <= later.invokedAt', wrong: 'endOf(earlier) < later.invokedAt' },
  { mistake: 'equal times in a session ignored in real time', what: 'linearizable', file: 'object-histories.ts', right: '!this.tied.get(index)?.some((earlier) => !this.done[earlier])', wrong: 'true' },
  { mistake: 'fields tied by equal times judged apart', what: 'linearizable', file: 'linearizable.ts', right: '({ field }) => find(field)', wrong: '({ field }) => field' },
  { mistake: 'fields judged apart in sequential consistency', what: 'sequential', file: 'sequential.ts', right: 'const { operations } = history;', wrong: "const operations = history.operations.filter(({ field }) => field === history.operations[0]!.field);" },
  { mistake: 'a step back does not reopen the history', what: 'linearizable', file: 'search.ts', right: 'this.histories.reopened(operation);', wrong: '' },
  { mistake: 'a step back does not restore the state', what: 'linearizable', file: 'search.ts', right: 'this.state[this.fieldOf[operation]!] = point.stateBefore;', wrong: '' },
  { mistake: 'reads are taken unfitting', what: 'linearizable', file: 'search.ts', right: '&& this.fields[field]!.after(this.state[field]!, operation) !== impossible', wrong: '' },
  { mistake: 'a value is given up though it will be written again', what: 'linearizable', file: 'field-states.ts', right: '&& this.writesLeft[state] === 0', wrong: '' },
  { mistake: 'an open write whose readers are not named is unread', what: 'linearizable', file: 'field-states.ts', right: 'this.vagueReads === 0 &&', wrong: '' },
  { mistake: 'the write that a read names is ignored', what: 'linearizable', file: 'specification.ts', right: '&& (operation.readFrom === undefined || operation.readFrom === state.from)', wrong: '' },
  { mistake: 'the last one is never sold', what: 'linearizable', file: 'specification.ts', right: 'wanted <= state', wrong: 'wanted < state' },
  { mistake: 'a refusal needs no reason', what: 'linearizable', file: 'specification.ts', right: 'return { state, ok: !isEnough };', wrong: 'return { state, ok: true };' },
  { mistake: 'what an update returned is ignored', what: 'linearizable', file: 'specification.ts', right: 'ok: returned === undefined || returned === state', wrong: 'ok: true' },
  { mistake: 'session order ignored in the causal order', what: 'causal', file: 'causal-relation.ts', right: 'for (const [a, b] of yield* sessionSteps(session)) this.link(a, b)', wrong: 'yield* sessionSteps(session)' },
  { mistake: 'only the last operation of a session comes before the next', what: 'session guarantees', file: 'observed-history.ts', right: 'if (endMaxBefore[i]! <= earlier.invokedAt) break;', wrong: 'break;' },
  { mistake: 'what was read ignored in the causal order', what: 'causal', file: 'causal-relation.ts', right: 'if (source !== null) relation.link(source, read)', wrong: 'void [source, read]' },
  { mistake: 'chains of causes not followed to the end', what: 'causal', file: 'causal-relation.ts', right: 'changed = this.inherit(index, each) || changed', wrong: 'this.inherit(index, each)' },
  { mistake: 'the initial value may be read after a write', what: 'causal', file: 'version-order.ts', right: 'version === null || (', wrong: 'version !== null && (' },
  { mistake: 'thin air may be read', what: 'causal', file: 'causal.ts', right: 'if (thinAir.length > 0)', wrong: 'if (false)' },
  { mistake: 'circles of causes allowed', what: 'causal', file: 'causal.ts', right: 'if (cycle !== null) return broken(`Each', wrong: 'if (false) return broken(`Each' },
  { mistake: 'an overwritten value may be read', what: 'causal', file: 'causal.ts', right: '!relation.precedes(write, read) || !isOlder(source, write, relation)', wrong: 'source !== null || !relation.precedes(write, read)' },
  { mistake: 'a concurrent value may not be read', what: 'causal', file: 'causal.ts', right: '|| !isOlder(source, write, relation)) continue;', wrong: ') continue;' },
  { mistake: 'any other value breaks read your writes', what: 'session guarantees', file: 'session-guarantees.ts', right: 'source === write || !view.isOlder(source, write)', wrong: 'source === write' },
  { mistake: 'monotonic reads compares fields', what: 'session guarantees', file: 'session-guarantees.ts', right: 'if (earlier.field !== later.field || !view.isOfRegister(earlier)) continue;', wrong: 'if (!view.isOfRegister(earlier)) continue;' },
  { mistake: 'monotonic writes of one field only', what: 'session guarantees', file: 'session-guarantees.ts', right: '(view, write, field) => view.earlierWrites(write, field)', wrong: '(view, write, field) => write.field === field ? view.earlierWrites(write, field) : []' },
  { mistake: 'writes follow reads forgets what was read', what: 'session guarantees', file: 'session-guarantees.ts', right: '(view, write, field) => view.readBefore(write, field)', wrong: '(view, write, field) => view.earlierWrites(write, field)' },
];
