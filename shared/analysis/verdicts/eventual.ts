/**
 * Eventually consistent: once writing has stopped and everything was delivered, all replicas return the same.
 *
 * Judged on the last read of each replica and field that began no earlier than the history was settled (`settledAt`; by default when the last write
 * of that field returned). A field that was written, of which fewer than two replicas were read after that, says nothing either way. Neither does a
 * disagreement while a write is open and nobody said that all is settled. Which value they agree on is not judged here.
 * Source: Vogels: "Eventually Consistent", CACM 2009; Terry et al., 1995.
 */
import { byInvocation, grouped, type ObservedHistory } from './observed-history.ts';
import { isPure, type Operation, type Read } from './operation.ts';
import { shortListOf, shown } from './sentences.ts';
import { broken, holds, unknown, type Verdict } from './verdict.ts';

export function eventual(history: ObservedHistory): Verdict {
  let doubt: Verdict | null = null;
  for (const [field, operations] of grouped(history.operations, (each) => each.field)) {
    const verdict = eventualIn(field, operations, history.settledAt);
    if (verdict.verdict === 'broken') return verdict;
    if (verdict.verdict === 'unknown') doubt ??= verdict;
  }
  return doubt ?? holds;
}

function eventualIn(field: string, operations: readonly Operation[], settledAt: number | undefined): Verdict {
  const changes = operations.filter((each) => !isPure(each));
  const since = settledAt ?? changes.reduce((latest, { returnedAt }) => Math.max(latest, returnedAt ?? -Infinity), -Infinity);
  const last = new Map<string, Read>();
  for (const each of byInvocation(operations)) if (each.kind === 'read' && each.returnedAt !== null && each.invokedAt >= since) last.set(each.replica, each);
  const finals = [...last.values()];
  const other = finals.find(({ value }) => value !== finals[0]!.value);
  if (other === undefined) return finals.length > 1 || changes.length === 0 ? holds : unknown(`Fewer than two replicas were read on ${field} after its last write.`);
  if (settledAt === undefined && changes.some(({ returnedAt }) => returnedAt === null)) return unknown(`Replicas differ on ${field}, but a write is still open.`);
  return broken(`After all was settled, ${shortListOf(finals.map((each) => `${each.replica} had ${shown(each.value)}`))} for ${field}.`, finals);
}
