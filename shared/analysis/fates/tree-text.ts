/**
 * How each character of a text ended, along a tree of writes: which tips show it, and which edit removed it.
 *
 * One text is changed in place on the way down the tree and changed back on the way up; the deepest branch comes last, so that a history without
 * branches is gone through once. A choice begins a tree of its own, with the characters of what it kept.
 * Costs time in proportion to the writes, times what moving the end of the text costs.
 */
import { dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import { placeSplice, type SplicedText } from '../../document/splice.ts';
import type { EditRecord } from '../../history/record.ts';
import { firstIndex, getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import { countIn, noneSuperseded, type SplicedCharacters, type TextRun } from './column.ts';
import { GapBuffer } from './gap-buffer.ts';
import { isChoice, type TreeWrite, type WriteTree } from './write-tree.ts';

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
  readonly removed: readonly Character[];
}

export class TreeText {
  /** By character: the writes that removed it, in any branch. */
  private readonly removers = new Map<Character, DotKey[]>();
  /** By character: how many tips show it. */
  private readonly shownIn: Uint32Array;
  /** By character: its code unit. */
  private readonly codes: Uint16Array;
  private readonly spliced = new Map<DotKey, Spliced>();
  private readonly snapshots = new Map<DotKey, readonly Character[]>();
  /** Who numbered characters, by their first ones, in ascending order; null for the initial text. */
  private readonly makers: { readonly from: Character; readonly key: DotKey | null }[] = [];
  /** The text of the first tip, or the initial one. */
  private shown: readonly Character[] = [];
  private count = 0;

  private constructor(private readonly tree: WriteTree, charactersMax: number) {
    this.shownIn = new Uint32Array(charactersMax);
    this.codes = new Uint16Array(charactersMax);
  }

  static *of(tree: WriteTree, initial: string): Sliced<TreeText> {
    let charactersMax = initial.length;
    yield* eachOf(tree.writes, (write) => void (charactersMax += charactersOfWrite(write)));
    const text = new TreeText(tree, charactersMax);
    yield* text.read(initial);
    return text;
  }

  private *read(initial: string): Sliced<void> {
    const { tree } = this;
    const start = numbersFrom(this.number(initial, null), initial.length);
    this.shown = start;
    const wanted = new Set(tree.writes.filter(isChoice).flatMap(({ parents }) => parents));
    const tips = new Set(tree.tips);
    let text = new GapBuffer(start);
    const path: Undo[] = [];
    const enter = (write: TreeWrite): void => {
      if (isChoice(write)) text = new GapBuffer(this.chosen(write, start));
      else path.push(this.apply(text, write));
      if (wanted.has(write.key)) this.snapshots.set(write.key, text.toArray());
      if (!tips.has(write.key)) return;
      const characters = text.toArray();
      // What both sides had stands there twice where somebody kept both.
      for (const character of new Set(characters)) this.shownIn[character]!++;
      if (write.key === tree.tips[0]) this.shown = characters;
    };
    yield* tree.walk(enter, (write) => void (isChoice(write) || undo(text, path.pop()!)), isChoice);
    if (tree.tips.length === 0) for (const character of start) this.shownIn[character] = 1;
  }

  /** `knows`: the edit of a key, where there is one. */
  charactersOf(record: EditRecord, knows: (key: DotKey) => EditRecord | undefined): SplicedCharacters {
    const { from, typed, removed } = this.spliced.get(dotKey(record.dot)) ?? notSpliced;
    const tips = Math.max(1, this.tree.tips.length);
    let [visible, waiting, lost, back, backInSome] = [0, 0, 0, 0, 0];
    let superseded: Map<DotKey, number> | null = null;
    let lostTo: DotKey | null = null;
    for (let character = from; character < from + typed; character++) {
      const shown = this.shownIn[character]!;
      const removers = this.removers.get(character) ?? noRemover;
      const aware = removers.find((key) => hadSeen(knows(key), record));
      if (shown === tips) visible++;
      else if (shown > 0) waiting++;
      else if (aware !== undefined) countIn(superseded ??= new Map(), aware);
      else {
        lost++;
        lostTo ??= removers[0] ?? null;
      }
    }
    for (const character of removed) {
      const shown = this.shownIn[character]!;
      if (shown === tips) back++;
      else if (shown > 0) backInSome++;
    }
    return {
      typed, visible, waiting, lost, back, backInSome, superseded: superseded ?? noneSuperseded,
      lostTo: lostTo === null ? null : parseDot(lostTo),
    };
  }

  /** Which edit each part of the first tip's text comes from. */
  *runs(): Sliced<TextRun[]> {
    const runs: { key: DotKey | null; length: number }[] = [];
    let end = -1;
    yield* eachOf(this.shown, (character, at) => {
      const isNext = at > 0 && character === this.shown[at - 1]! + 1 && character < end;
      if (isNext) {
        runs.at(-1)!.length++;
        return;
      }
      const maker = firstIndex(this.makers, ({ from }) => from > character) - 1;
      const { key } = this.makers[maker]!;
      end = this.makers[maker + 1]?.from ?? Infinity;
      if (runs.at(-1)?.key === key) runs.at(-1)!.length++;
      else runs.push({ key, length: 1 });
    });
    return runs;
  }

  private apply(text: GapBuffer, write: TreeWrite): Undo {
    if (write.intent?.kind !== 'splice') return unchanged;
    const { intent } = write;
    const place = placeSplice(this.readable(text), intent);
    if (!place) return unchanged;
    const { index, removed } = place;
    const from = this.number(intent.inserted, write.key);
    const gone = text.splice(index, removed, numbersFrom(from, intent.inserted.length));
    for (const character of gone) getOrMake(this.removers, character, () => []).push(write.key);
    this.spliced.set(write.key, { from, typed: intent.inserted.length, removed: gone });
    return { index, removed: gone, inserted: intent.inserted.length };
  }

  /** Kept texts keep their characters where the chosen text is just them, joined by line ends; any other text is the chooser's own. */
  private chosen(choice: TreeWrite, start: readonly Character[]): Character[] {
    const value = choice.intent?.kind === 'resolve' ? (choice.intent.value as string) : '';
    const before = choice.parents.length === 0 ? [start] : choice.parents.map((key) => this.snapshots.get(key) ?? []);
    const kept = choice.kept.flatMap((key, at) => [...(at > 0 ? [this.number('\n', choice.key)] : []), ...(this.snapshots.get(key) ?? [])]);
    const own = this.number(value, choice.key);
    const text = kept.length === value.length ? kept : numbersFrom(own, value.length);
    const lasting = new Set(text);
    for (const character of new Set(before.flat())) if (!lasting.has(character)) getOrMake(this.removers, character, () => []).push(choice.key);
    return text;
  }

  /** Numbers new characters; returns the first. */
  private number(characters: string, key: DotKey | null): Character {
    const from = this.count;
    if (characters.length > 0) this.makers.push({ from, key });
    for (let at = 0; at < characters.length; at++) this.codes[from + at] = characters.charCodeAt(at);
    this.count += characters.length;
    return from;
  }

  private readable(text: GapBuffer): SplicedText {
    const slice = (start: number, end: number): string => {
      let part = '';
      for (let at = start; at < end; at++) part += String.fromCharCode(this.codes[text.at(at)]!);
      return part;
    };
    return { length: text.length, slice, toString: () => slice(0, text.length) };
  }
}

const notSpliced: Spliced = { from: 0, typed: 0, removed: [] };
const unchanged: Undo = { index: 0, removed: [], inserted: 0 };
const noRemover: readonly DotKey[] = [];

function numbersFrom(from: Character, count: number): Character[] {
  const numbers: Character[] = [];
  for (let at = 0; at < count; at++) numbers.push(from + at);
  return numbers;
}

/** How many characters a write can number: those that it inserts, or those of a choice and the line ends between the kept texts. */
function charactersOfWrite({ intent, kept }: TreeWrite): number {
  if (intent?.kind === 'splice') return intent.inserted.length;
  return intent?.kind === 'resolve' ? String(intent.value).length + kept.length : 0;
}

function hadSeen(remover: EditRecord | undefined, record: EditRecord): boolean {
  return remover !== undefined && (remover.context.includes(record.dot) || dotKey(remover.dot) === dotKey(record.dot));
}

function undo(text: GapBuffer, { index, removed, inserted }: Undo): void {
  text.splice(index, inserted, removed);
}
