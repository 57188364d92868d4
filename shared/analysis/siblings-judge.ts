/**
 * What the siblings strategy made of each edit. Every write is covered by, or is, one of the siblings; what counts is whether its effect lives on.
 *
 * An edit's effect lives on in a sibling if the line of kept values leads from the sibling back to it. Where a person chose, what was not kept is
 * superseded: somebody who had it before him decided. Where a resolver chose, it is lost: nobody did.
 */
import { type Dot, dotKey } from '../clocks/dot.ts';
import type { SetIntent } from '../document/intent.ts';
import type { FieldSpec, Schema } from '../document/schema.ts';
import type { EditRecord } from '../history/record.ts';
import { decides } from '../strategies/siblings/resolvers.ts';
import type { SiblingGraph, SiblingWrite } from '../strategies/siblings/sibling-graph.ts';
import type { Siblings } from '../strategies/siblings/siblings.ts';
import type { Fate } from './fate.ts';
import { textEffects } from './sibling-text.ts';
import { effectsOf } from './value-effects.ts';

/** Judges accepted edits that every replica has. */
export function siblingsJudge(schema: Schema, records: readonly EditRecord[], strategy: Siblings): (record: EditRecord) => Fate {
  const recordByKey = new Map(records.map((record) => [dotKey(record.dot), record]));
  const judges = new Map(schema.map((field) => [field.id, fieldJudge(field, strategy, recordByKey)]));
  return (record) => judges.get(record.field)!(record);
}

function fieldJudge(field: FieldSpec, strategy: Siblings, recordByKey: ReadonlyMap<string, EditRecord>): (record: EditRecord) => Fate {
  const graph = strategy.graph(field.id);
  const resolver = strategy.resolverOf(field.type);
  // What a resolver decides for the screen it has decided: those that it leaves out are not waiting for anybody.
  const heads = decides(resolver, field.type) && resolver === 'maximum' ? greatest(graph) : graph.heads;
  const isWaiting = strategy.waiting(field.id).length > 1;
  const livesIn = new Map<string, number>();
  const dropped = new Map<string, Fate>();
  for (const head of heads) for (const key of keptLine(graph, head, dropped)) livesIn.set(key, (livesIn.get(key) ?? 0) + 1);
  for (const head of graph.heads) if (!heads.includes(head)) for (const key of keptLine(graph, head, dropped)) if (!livesIn.has(key)) dropped.set(key, { disposition: 'lost', reason: 'concurrent', ...causeOf(graph, heads[0]) });
  const chain = [...livesIn.keys()].map((key) => graph.get(key)!).sort((a, b) => (recordByKey.get(a.key)?.context.size ?? 0) - (recordByKey.get(b.key)?.context.size ?? 0));
  const effects = effectsIn(field, chain, heads, livesIn, recordByKey, strategy);
  return (record) => {
    const key = dotKey(record.dot);
    const typed = record.intent.kind === 'splice' ? { characters: { typed: record.intent.inserted.length, lost: 0 } } : {};
    if (isWaiting && livesIn.has(key) && livesIn.get(key) !== heads.length) {
      const other = heads.find((head) => head !== key && !recordByKey.get(head)?.context.includes(record.dot));
      return { disposition: 'sibling', ...causeOf(graph, other), ...typed };
    }
    const effect = livesIn.has(key) ? effects.get(key) : undefined;
    const gone = dropped.get(key) ?? { disposition: 'superseded' as const };
    const lost = record.intent.kind === 'splice' && gone.disposition === 'lost' ? { characters: { typed: record.intent.inserted.length, lost: record.intent.inserted.length } } : typed;
    return effect ?? { ...gone, ...lost };
  };
}

/** What is to be seen of the writes that live on in all siblings. */
function effectsIn(field: FieldSpec, chain: readonly SiblingWrite[], heads: readonly string[], livesIn: ReadonlyMap<string, number>, recordByKey: ReadonlyMap<string, EditRecord>, strategy: Siblings): Map<string, Fate> {
  if (field.type === 'set') return setEffects(chain, recordByKey, strategy.value(field.id) as readonly string[]);
  const inAll = chain.filter((write) => livesIn.get(write.key) === heads.length);
  return field.type === 'text' ? textEffects(field, inAll, heads.length === 1 ? heads[0] : inAll.at(-1)?.key) : effectsOf(field, inAll);
}

/** The writes whose effect lives on in this one; what its line of values left out on the way is noted in `dropped`. */
function keptLine(graph: SiblingGraph, head: string, dropped: Map<string, Fate>): string[] {
  const kept = new Set<string>();
  const visit = [head];
  const left: [string, Fate][] = [];
  for (let key = visit.pop(); key !== undefined; key = visit.pop()) {
    const write = graph.get(key);
    if (!write || kept.has(key)) continue;
    kept.add(key);
    const keeps = keptCovers(graph, write);
    for (const each of keeps) visit.push(each);
    const fate: Fate = write.intent.kind === 'resolve' ? { disposition: 'superseded', cause: write.dot } : { disposition: 'lost', reason: 'concurrent', ...causeOf(graph, keeps[0]) };
    for (const covered of write.covers) if (!keeps.includes(covered)) left.push([covered, fate]);
  }
  for (const [start, fate] of left) {
    const below = [start];
    for (let key = below.pop(); key !== undefined; key = below.pop()) {
      if (kept.has(key) || dropped.has(key)) continue;
      dropped.set(key, fate);
      for (const covered of graph.get(key)?.covers ?? []) below.push(covered);
    }
  }
  return [...kept];
}

/** Which of the covered writes live on in a write: those that a person kept, all of a union, the greatest of a maximum, the only one otherwise. */
function keptCovers(graph: SiblingGraph, write: SiblingWrite): readonly string[] {
  if (write.intent.kind === 'resolve') return write.covers.filter((key) => (write.intent as { keeps: readonly string[] }).keeps.includes(key));
  if (write.covers.length < 2 || write.resolver === 'union') return write.covers;
  return [graph.greatestOf(write.covers)];
}

function greatest(graph: SiblingGraph): readonly string[] {
  return graph.heads.length < 2 ? graph.heads : [graph.greatestOf(graph.heads)];
}

/** A set's edits: an element that is there although its removal lives on was brought back, unless somebody who had seen the removal added it. */
function setEffects(chain: readonly SiblingWrite[], recordByKey: ReadonlyMap<string, EditRecord>, value: readonly string[]): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  const knows = (later: SiblingWrite, earlier: SiblingWrite): boolean => recordByKey.get(later.key)?.context.includes(earlier.dot) ?? false;
  for (const write of chain) {
    if (write.intent.kind === 'resolve') {
      fates.set(write.key, { disposition: 'visible' });
      continue;
    }
    const { kind, element } = write.intent as SetIntent;
    const isThere = value.includes(element);
    const opposite = chain.filter((other) => other.intent.kind === (kind === 'add' ? 'remove' : 'add') && (other.intent as SetIntent).element === element);
    const aware = opposite.find((other) => knows(other, write));
    if ((kind === 'add') === isThere) fates.set(write.key, { disposition: 'visible' });
    else if (kind === 'add') fates.set(write.key, { disposition: 'superseded', ...(aware ? { cause: aware.dot } : {}) });
    else if (aware) fates.set(write.key, { disposition: 'superseded', cause: aware.dot });
    else fates.set(write.key, { disposition: 'resurrected', ...bringer(chain, write, knows) });
  }
  return fates;
}

/** The edit on the other side of a union that had not seen the removal. */
function bringer(chain: readonly SiblingWrite[], removal: SiblingWrite, knows: (later: SiblingWrite, earlier: SiblingWrite) => boolean): { cause?: Dot } {
  const other = chain.find((write) => write !== removal && !knows(write, removal) && !knows(removal, write));
  return other ? { cause: other.dot } : {};
}

function causeOf(graph: SiblingGraph, key: string | undefined): { cause?: Dot } {
  const write = key === undefined ? undefined : graph.get(key);
  return write ? { cause: write.dot } : {};
}
