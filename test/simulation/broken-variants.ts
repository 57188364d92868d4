/** Ways to break one line of the program that random runs have to notice. */
import type { Variant } from '../support/shared-variant.ts';

const variant = (name: string, file: string, find: string, put: string): Variant => ({ name, file: `shared/${file}`, find, put });
const chain = 'strategies/last-writer-wins/write-chain.ts';
const lww = 'strategies/last-writer-wins/last-writer-wins.ts';
const graph = 'strategies/siblings/sibling-graph.ts';
const siblings = 'strategies/siblings/siblings.ts';
const yjs = 'strategies/yjs/yjs-fields.ts';

export const variants: readonly Variant[] = [
  variant('version vectors compared with < where ≤ is meant', 'clocks/version-vector.ts', 'if (counters[at]! > mine) return false;', 'if (counters[at]! >= mine) return false;'),
  variant('merge of vectors keeps only its own', 'clocks/version-vector.ts', 'if (other.covers(this)) return other;', 'if (other.covers(this)) return this;'),
  variant('a tie goes to whoever arrives last', chain, '|| (a.dot.replica > b.dot.replica ? 1 : -1)', '|| 1'),
  variant('the smallest timestamp wins', chain, 'compareWrites(write, this.winner.write) > 0', 'compareWrites(write, this.winner.write) < 0'),
  variant('every write wins where it arrives', chain, 'compareWrites(write, this.winner.write) > 0', 'true'),
  variant('a losing branch is built on the winner', chain, 'this.after(this.valueOf(before), write)', 'this.after(this.valueOf(this.winner), write)'),
  variant('wall clocks are used although the hybrid clock was chosen', lww, "this.settings.clock === 'wall' ? 0 : 1", '0'),
  variant('a write by document forgets the fields that it carries along', lww, "this.settings.granularity === 'field' ? [edit.field]", "edit.field !== 'x' ? [edit.field]"),
  variant('the hybrid clock does not hear of peers', 'replica/replica.ts', 'this.stamps.observe(record.hybrid);', ''),
  variant('delivery without causal order', 'history/causal-order.ts', 'return this.delivered.covers(record.context);', 'return true;'),
  variant('records that wait are never released', 'history/causal-order.ts', 'if (ready.length > 0) this.releaseWaiting(ready);', ''),
  variant('one counter entry for all', yjs, 'map.set(String(doc.clientID), (typeof mine', "map.set('all', (typeof mine"),
  variant('set elements are keyed by themselves', yjs, "if (intent.kind === 'add') return void map.set(key, intent.element);", "if (intent.kind === 'add') return void map.set(intent.element, intent.element);"),
  variant('a list item is marked by its label', yjs, 'map.set(key, true);\n', ''),
  variant('a removed item leaves its marker', yjs, 'for (const part of [intent.item, listKey', 'for (const part of [listKey'),
  variant('what the Y.Doc may forget is not carried', 'replica/replica.ts', 'this.strategies.get(strategy)?.receive(delta);', ''),
  variant('stored records do not take effect after a restart', 'replica/replica.ts', 'this.takeEffect(this.journal.add(stored.records));', 'this.journal.add(stored.records);'),
  variant('everything is sent again on each contact', 'replica/journal.ts', 'records.slice(summary.get(replica)));', 'records);'),
  variant('the first record that a peer lacks is left out', 'replica/journal.ts', 'flatMap(([replica, records]) => records.slice(summary.get(replica)))', 'flatMap(([replica, records]) => records.slice(summary.get(replica) + 1))'),
  variant('a write covers only the first sibling', siblings, '[this.graph(edit.field).heads, resolvers', '[this.graph(edit.field).heads.slice(0, 1), resolvers'),
  variant('the context is not sent with a write', siblings, '[this.graph(edit.field).heads, resolvers', '[[], resolvers'),
  variant('a write drops its concurrent siblings', graph, 'this.current.filter((key) => !covers.includes(key))', 'this.current.filter(() => false)'),
  variant('siblings stand in the order of their arrival', graph, '.sort((a, b) => this.compare(b, a));\n    for (const key of covers)', ';\n    for (const key of covers)'),
  variant('the maximum is the minimum', 'strategies/siblings/resolvers.ts', 'Math.max(', 'Math.min('),
  variant('ordinary edits go through while siblings wait', siblings, '} else if (waiting > 0 && edit.intent', '} else if (waiting > 1_000 && edit.intent'),
  variant('the ledger takes "seen" for "kept"', 'analysis/fates/tree-column.ts', 'made[value]?.keys.has(dotKey(record.dot)) ?? false,', '(made[value]?.keys.has(dotKey(record.dot)) ?? false) || [...(made[value]?.keys ?? [])].some((key) => recordOf(key)?.context.includes(record.dot)),'),
  variant('the ledger forgets what was superseded', 'analysis/fates/field-fates.ts', "if (replacer) return { disposition: 'superseded', cause: replacer };", "if (replacer) return { disposition: 'visible' };"),
  variant('an edit replaces what its author had not seen', 'analysis/fates/replacements.ts', 'const at = firstIndex(edits, (each) => each.record.context.includes(record.dot));', 'const at = 0;'),
  variant('the totals leave out what was lost', 'analysis/scorecard.ts', 'totals[columns[fate.disposition]]++;', "if (fate.disposition !== 'lost') totals[columns[fate.disposition]]++;"),
  variant('a shown value counts for all who wanted another one', 'analysis/fates/field-fates.ts', 'if (this.shownAt(value, wanted.target) !== wanted.wish) return false;', ''),
  variant('whatever was not seen counts as concurrent', 'analysis/concurrency.ts', 'firstUnseen !== undefined && !firstUnseen.context.includes(edit.dot)', 'firstUnseen !== undefined'),
  variant('what strategies kept is forgotten in a crash', 'replica/replica-messaging.ts', 'this.kept.get(id) ?? new Map<string, Uint8Array>()', 'new Map<string, Uint8Array>()'),
  variant('an edit that never left before a crash stays pending', 'replica/strategy-channel.ts', "|| this.isAnswered(dot)) continue;", '|| this.isAnswered(dot) || own.length > 0) continue;'),
  variant('outcomes do not reach the edits that wait for them', 'replica/open-edits.ts', 'edit?.strategies.delete(strategy);', ''),
  variant('who was let in is not let in by the relay', 'protocol/membership.ts', 'if (members.length === this.list.length) this.hasCaughtUp = true;', ''),
  variant('the ledger does not hear of rollbacks', 'analysis/outcomes.ts', 'if (place) entries.isGone(place, dot.replica, settlement.reason);', ''),
  variant('the ledger takes every accepted quorum write for kept', 'analysis/fates/coordinated-fates.ts', 'if (place) return rule(record);', "if (place) return { disposition: 'visible' };"),
  variant('what a maximum left out still counts', 'analysis/fates/siblings-fates.ts', 'return [graph.greatestOf(covers)];', 'return covers;'),
];
