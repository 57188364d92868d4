/** Who typed each character of a text that has been through siblings: attribution along a graph of writes instead of one line. */
import type { Dot } from '../clocks/dot.ts';
import type { FieldSpec } from '../document/schema.ts';
import { placeSplice, splicedAt } from '../document/splice.ts';
import type { SiblingWrite } from '../strategies/siblings/sibling-graph.ts';
import type { Fate } from './fate.ts';

/** For each character the key of the write that typed it; '' for the initial text and for what nobody typed. */
type Authors = readonly string[];

/** A text and who typed it. */
interface Attributed {
  readonly text: string;
  readonly authors: Authors;
}

/**
 * The fates of the writes of `chain` (each after those that it covers) by what the text of `head` still shows of them.
 * Characters that are gone were deleted by a write of the same line, whose author had seen them: superseded.
 */
export function textEffects(field: FieldSpec, chain: readonly SiblingWrite[], head: string | undefined): Map<string, Fate> {
  const authorsOf = new Map<string, Attributed>();
  const removers = new Map<string, Dot>();
  /** How many writes still build on each: attributions of long texts are let go as soon as none does. */
  const users = new Map<string, number>();
  for (const write of chain) for (const key of write.covers) users.set(key, (users.get(key) ?? 0) + 1);
  const release = (write: SiblingWrite, kept: string | undefined): void => {
    for (const key of write.covers) {
      users.set(key, users.get(key)! - 1);
      if (users.get(key) === 0 && key !== kept) authorsOf.delete(key);
    }
  };
  const initial: Attributed = { text: field.initial as string, authors: Array<string>((field.initial as string).length).fill('') };
  for (const write of chain) {
    const base = write.covers.map((key) => authorsOf.get(key)).find((attributed) => attributed !== undefined) ?? initial;
    authorsOf.set(write.key, authorsAfter(write, base, authorsOf, removers));
    release(write, head);
  }
  const left = new Map<string, number>();
  for (const author of (head === undefined ? undefined : authorsOf.get(head))?.authors ?? []) left.set(author, (left.get(author) ?? 0) + 1);
  return new Map(chain.map((write): [string, Fate] => {
    const typed = write.intent.kind === 'splice' ? write.intent.inserted.length : 0;
    const remover = removers.get(write.key);
    const isGone = typed > 0 && !left.get(write.key);
    return [write.key, { disposition: isGone ? 'superseded' : 'visible', ...(isGone && remover ? { cause: remover } : {}), characters: { typed, lost: 0 } }];
  }));
}

function authorsAfter(write: SiblingWrite, base: Attributed, authorsOf: ReadonlyMap<string, Attributed>, removers: Map<string, Dot>): Attributed {
  const { intent } = write;
  if (intent.kind === 'resolve') {
    const text = intent.value as string;
    return { text, authors: authorsOfChoice(write, text, intent.keeps, authorsOf, removers) };
  }
  if (intent.kind !== 'splice') return base;
  const place = placeSplice(base.text, intent);
  if (!place) return base;
  const { index, removed } = place;
  for (const author of base.authors.slice(index, index + removed)) removers.set(author, write.dot);
  const typed = Array<string>(intent.inserted.length).fill(write.key);
  return { text: splicedAt(base.text, place, intent.inserted), authors: [...base.authors.slice(0, index), ...typed, ...base.authors.slice(index + removed)] };
}

/** Kept texts keep their authors where the chosen text is just them, joined by line ends; any other text is the chooser's own. */
function authorsOfChoice(
  write: SiblingWrite, text: string, keeps: readonly string[], authorsOf: ReadonlyMap<string, Attributed>, removers: Map<string, Dot>,
): Authors {
  const kept = keeps.flatMap((key) => authorsOf.get(key)?.authors ?? []);
  const joined = keeps.flatMap((key, i) => [...(i > 0 ? [''] : []), ...(authorsOf.get(key)?.authors ?? [])]);
  if (joined.length === text.length) return joined;
  for (const author of kept) removers.set(author, write.dot);
  return Array<string>(text.length).fill(write.key);
}
