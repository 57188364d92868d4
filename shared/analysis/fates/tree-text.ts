/**
 * How each character of a text ended, along a tree of writes: which tips show it, and which edit removed it.
 *
 * One text is changed in place on the way down the tree and changed back on the way up; the deepest branch comes last, so that a history without
 * branches is gone through once. A choice begins a tree of its own, with the characters of what it kept.
 * Costs time in proportion to the writes, times what moving the end of the text costs.
 */
import { dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import { clampSplice } from '../../document/apply-intent.ts';
import type { TextIntent } from '../../document/intent.ts';
import type { EditRecord } from '../../history/record.ts';
import type { SplicedCharacters } from './column.ts';
import type { TreeWrite, WriteTree } from './write-tree.ts';

/** A character, by its number; those of the initial text come first. */
type Character = number;

/** What a splice did to the text, to be undone. */
interface Undo {
  readonly index: number;
  readonly removed: readonly Character[];
  readonly inserted: number;
}

interface Spliced {
  readonly from: Character;
  readonly typed: number;
  removed: readonly Character[];
}

export class TreeText {
  /** By character: the writes that removed it, in any branch. */
  private readonly removers: DotKey[][] = [];
  /** By character: how many tips show it. */
  private readonly shownIn: number[] = [];
  private readonly spliced = new Map<DotKey, Spliced>();
  private readonly snapshots = new Map<DotKey, readonly Character[]>();
  private count: number;

  constructor(private readonly tree: WriteTree, initial: string) {
    this.count = initial.length;
    const start = Array.from({ length: initial.length }, (_, character) => character);
    const wanted = new Set(tree.writes.filter(isChoice).flatMap(({ parents }) => parents));
    const tips = new Set(tree.tips);
    let text = [...start];
    const path: Undo[] = [];
    const enter = (write: TreeWrite): void => {
      if (isChoice(write)) text = this.chosen(write, start);
      else path.push(this.apply(text, write));
      if (wanted.has(write.key)) this.snapshots.set(write.key, [...text]);
      if (tips.has(write.key)) for (const character of text) this.shownIn[character] = (this.shownIn[character] ?? 0) + 1;
    };
    tree.walk(enter, (write) => void (isChoice(write) || undo(text, path.pop()!)), isChoice);
    if (tree.tips.length === 0) for (const character of start) this.shownIn[character] = 1;
  }

  /** `knows`: the edit of a key, where there is one. */
  charactersOf(record: EditRecord, knows: (key: DotKey) => EditRecord | undefined): SplicedCharacters {
    const { from, typed, removed } = this.spliced.get(dotKey(record.dot)) ?? { from: 0, typed: 0, removed: [] };
    const tips = Math.max(1, this.tree.tips.length);
    const counts = { visible: 0, waiting: 0, lost: 0, back: 0, backInSome: 0 };
    const superseded = new Map<DotKey, number>();
    let lostTo: DotKey | null = null;
    for (let character = from; character < from + typed; character++) {
      const shown = this.shownIn[character] ?? 0;
      const removers = this.removers[character] ?? [];
      const aware = removers.find((key) => hadSeen(knows(key), record));
      if (shown === tips) counts.visible++;
      else if (shown > 0) counts.waiting++;
      else if (aware !== undefined) superseded.set(aware, (superseded.get(aware) ?? 0) + 1);
      else {
        counts.lost++;
        lostTo ??= removers[0] ?? null;
      }
    }
    for (const character of removed) {
      const shown = this.shownIn[character] ?? 0;
      if (shown === tips) counts.back++;
      else if (shown > 0) counts.backInSome++;
    }
    return { ...counts, typed, superseded, supersededElsewhere: 0, lostTo: lostTo === null ? null : parseDot(lostTo), removed: removed.length };
  }

  private apply(text: Character[], write: TreeWrite): Undo {
    if (write.intent?.kind !== 'splice') return { index: 0, removed: [], inserted: 0 };
    const intent: TextIntent = write.intent;
    const { index, removed } = clampSplice(text.length, intent);
    const from = this.number(intent.inserted.length);
    const gone = replace(text, index, removed, from, intent.inserted.length);
    for (const character of gone) (this.removers[character] ??= []).push(write.key);
    this.spliced.set(write.key, { from, typed: intent.inserted.length, removed: gone });
    return { index, removed: gone, inserted: intent.inserted.length };
  }

  /** Kept texts keep their characters where the chosen text is just them, joined by line ends; any other text is the chooser's own. */
  private chosen(choice: TreeWrite, start: readonly Character[]): Character[] {
    const value = choice.intent?.kind === 'resolve' ? (choice.intent.value as string) : '';
    const before = choice.parents.length === 0 ? [start] : choice.parents.map((key) => this.snapshots.get(key) ?? []);
    const kept = choice.kept.flatMap((key, at) => [...(at > 0 ? [this.number(1)] : []), ...(this.snapshots.get(key) ?? [])]);
    const own = this.number(value.length);
    const text = kept.length === value.length ? kept : Array.from({ length: value.length }, (_, at) => own + at);
    const lasting = new Set(text);
    for (const character of new Set(before.flat())) if (!lasting.has(character)) (this.removers[character] ??= []).push(choice.key);
    return text;
  }

  /** Numbers so many new characters; returns the first. */
  private number(characters: number): Character {
    const from = this.count;
    this.count += characters;
    return from;
  }
}

function isChoice({ intent }: TreeWrite): boolean {
  return intent?.kind === 'resolve';
}

function hadSeen(remover: EditRecord | undefined, record: EditRecord): boolean {
  return remover !== undefined && (remover.context.includes(record.dot) || dotKey(remover.dot) === dotKey(record.dot));
}

function undo(text: Character[], { index, removed, inserted }: Undo): void {
  replaceWith(text, index, inserted, removed);
}

function replace(text: Character[], index: number, removed: number, from: Character, inserted: number): Character[] {
  return replaceWith(text, index, removed, Array.from({ length: inserted }, (_, at) => from + at));
}

/** In place where it is short, as nearly all splices are; a very long one would overflow the argument list. Returns what was removed. */
function replaceWith(text: Character[], index: number, removed: number, inserted: readonly Character[]): Character[] {
  // eslint-disable-next-line no-restricted-syntax -- at most so many
  if (inserted.length <= 10_000) return text.splice(index, removed, ...inserted);
  const gone = text.slice(index, index + removed);
  const end = text.slice(index + removed);
  text.length = index;
  for (const character of inserted) text.push(character);
  for (const character of end) text.push(character);
  return gone;
}
