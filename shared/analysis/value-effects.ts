/**
 * Which edits of one chain of writes are still to be seen in its last value. For strategies that hold whole values: each write of the chain was
 * made by somebody who saw the value before it, so what is gone here was replaced by an author who had seen it: superseded, never lost.
 */
import type { Dot } from '../clocks/dot.ts';
import type { Intent, TextIntent } from '../document/intent.ts';
import type { FieldSpec } from '../document/schema.ts';
import { placeSplice, splicedAt } from '../document/splice.ts';
import type { Fate } from './fate.ts';

export interface ChainedWrite {
  readonly key: string;
  readonly dot: Dot;
  /** null: the write carried the value along unchanged. */
  readonly intent: Intent | null;
}

/** The fates of a chain's writes by key, oldest first; writes without an intent have none. */
export function effectsOf(field: FieldSpec, chain: readonly ChainedWrite[]): Map<string, Fate> {
  return field.type === 'text' ? textEffects(field, chain) : keyedEffects(chain);
}

/** Of a text edit that is lost: all that it typed. */
export function charactersLost(intent: Intent): Pick<Fate, 'characters'> {
  if (intent.kind !== 'splice') return {};
  const typed = intent.inserted.length;
  return { characters: { typed, lost: typed } };
}

/** Later writes of the chain supersede earlier ones on the same target that want something else. */
function keyedEffects(chain: readonly ChainedWrite[]): Map<string, Fate> {
  const fates = new Map<string, Fate>();
  const latest = new Map<string, ChainedWrite>();
  const removedItems = new Map<string, ChainedWrite>();
  for (const write of [...chain].reverse()) {
    if (!write.intent) continue;
    const [target, wish] = targetOf(write.intent, write.key);
    const later = (target.startsWith('item ') ? removedItems.get(target.split('|')[0]!) : undefined) ?? latest.get(target);
    const replaced = later !== undefined && targetOf(later.intent!, later.key)[1] !== wish;
    fates.set(write.key, replaced ? { disposition: 'superseded', cause: later.dot } : { disposition: 'visible' });
    if (!latest.has(target)) latest.set(target, write);
    if (write.intent.kind === 'remove-item') removedItems.set(target.split('|')[0]!, write);
  }
  return fates;
}

/** What an intent acts on, and what it wants there. Two intents with one target and different wishes cannot both be visible. */
function targetOf(intent: Intent, key: string): [target: string, wish: string] {
  switch (intent.kind) {
    case 'set':
    case 'resolve': return ['value', key];
    case 'add': return [`element ${intent.element}`, 'present'];
    case 'remove': return [`element ${intent.element}`, 'absent'];
    case 'insert': return [`item ${key}`, 'present'];
    case 'remove-item': return [`item ${intent.item}`, 'absent'];
    case 'relabel': return [`item ${intent.item}|label`, key];
    case 'toggle': return [`item ${intent.item}|done`, String(intent.done)];
    case 'move': return [`item ${intent.item}|order`, key];
    // Sums: every step stays in the total.
    default: return [`step ${key}`, 'taken'];
  }
}

function textEffects(field: FieldSpec, chain: readonly ChainedWrite[]): Map<string, Fate> {
  /** For each character of the text, the index in the chain of the write that typed it; −1: it was there at first. */
  let authors: number[] = new Array<number>((field.initial as string).length).fill(-1);
  let text = field.initial as string;
  const left = new Array<number>(chain.length).fill(0);
  const removers = new Array<Dot | undefined>(chain.length);
  chain.forEach((write, at) => {
    if (!write.intent) return;
    const intent = write.intent as TextIntent;
    const place = placeSplice(text, intent);
    if (!place) return;
    const { index, removed } = place;
    text = splicedAt(text, place, intent.inserted);
    for (const author of authors.slice(index, index + removed)) {
      if (author < 0) continue;
      left[author]!--;
      removers[author] = write.dot;
    }
    left[at] = intent.inserted.length;
    authors = spliced(authors, index, removed, at, intent.inserted.length);
  });
  const fates = new Map<string, Fate>();
  chain.forEach((write, at) => {
    if (!write.intent) return;
    const typed = (write.intent as TextIntent).inserted.length;
    const isGone = typed > 0 && left[at] === 0;
    fates.set(write.key, { disposition: isGone ? 'superseded' : 'visible', ...(isGone && removers[at] ? { cause: removers[at] } : {}), characters: { typed, lost: 0 } });
  });
  return fates;
}

/** In place where it is short, as nearly all splices are; a very long one would overflow the argument list. */
function spliced(authors: number[], index: number, removed: number, author: number, inserted: number): number[] {
  const filling = new Array<number>(inserted).fill(author);
  if (inserted > 10_000) return authors.slice(0, index).concat(filling, authors.slice(index + removed));
  // eslint-disable-next-line no-restricted-syntax -- at most so many
  authors.splice(index, removed, ...filling);
  return authors;
}
