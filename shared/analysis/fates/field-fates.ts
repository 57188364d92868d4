/**
 * The rules by which edits end, one set for all strategies: by effect, and by who had seen what.
 *
 * Of the edits of one field that a strategy carried out, the first that fits:
 * - visible: what it wanted can be seen. Of several that wanted what is shown, those that nothing replaced; if all were replaced, those that none of
 *   the others had seen. Steps, places and characters are read from the edits that the shown value was made of.
 * - sibling: it can be seen in some, not all, of the values that a person can choose now.
 * - superseded: something that was carried out replaced it, whatever became of that.
 * - resurrected: a removal whose element, item or characters are there.
 * - lost: all else.
 * Refused, unknown and pending edits are told apart before.
 */
import { dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import type { FieldSpec } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import { getOrMake } from '../concurrency.ts';
import type { Column } from './column.ts';
import type { Fate } from './fate.ts';
import { keysOf, Replacements } from './replacements.ts';
import { absent, present, type Target, wishesShown, type Wish, wishOf } from './targets.ts';

/**
 * `carriedOut`: the field's edits that the strategy did not refuse, in causal order. `isSettled`: whether it is certain that an edit happened; what is
 * open may replace others, and stands for no shown value.
 */
export function fieldFates(field: FieldSpec, carriedOut: readonly EditRecord[], column: Column, isSettled: (record: EditRecord) => boolean = () => true): (record: EditRecord) => Fate {
  const rules = new FieldRules(field, carriedOut, column, isSettled);
  return (record) => column.exceptionOf(record) ?? rules.fateOf(record);
}

class FieldRules {
  private readonly replacements: Replacements;
  private readonly shown: readonly ((target: Target) => string | null)[];
  private readonly standing = new Map<string, ReadonlySet<DotKey>>();

  constructor(private readonly field: FieldSpec, carriedOut: readonly EditRecord[], private readonly column: Column, private readonly isSettled: (record: EditRecord) => boolean) {
    this.replacements = new Replacements(field, carriedOut, column.keeps);
    this.shown = column.values.map((value) => wishesShown(field, value));
  }

  fateOf(record: EditRecord): Fate {
    if (record.intent.kind === 'splice') return this.textFate(record);
    const seenIn = this.column.values.filter((_, value) => this.isSeen(value, record)).length;
    if (seenIn === this.column.values.length || this.column.hadNothingToDo(record)) return { disposition: 'visible' };
    if (seenIn > 0) return this.sibling(record);
    const replacer = this.replacements.replacerOf(record)?.dot ?? this.column.replacedBy(record);
    if (replacer) return { disposition: 'superseded', cause: replacer };
    return this.isBack(record) ? { disposition: 'resurrected', ...this.bringerOf(record) } : { disposition: 'lost', ...this.column.lossOf(record) };
  }

  private isSeen(value: number, record: EditRecord): boolean {
    const wanted = wishOf(record, this.field);
    if (!wanted) return this.column.isMadeOf(value, record);
    if (this.shownAt(value, wanted.target) !== wanted.wish) return false;
    return wanted.target.startsWith('place ') || this.standingFor(wanted).has(dotKey(record.dot));
  }

  private shownAt(value: number, target: Target): string | null {
    if (!target.startsWith('place ')) return this.shown[value]!(target);
    const item = target.slice('place '.length);
    return this.shown[value]!(`item ${item}`) === absent ? null : this.column.placedBy(value, item);
  }

  private standingFor({ target, wish }: Wish): ReadonlySet<DotKey> {
    return getOrMake(this.standing, `${target}\n${wish}`, () => keysOf(this.replacements.standing(this.replacements.wanting(target, wish).filter(this.isSettled))));
  }

  private sibling(record: EditRecord): Fate {
    const beside = this.column.besideOf(record);
    return { disposition: 'sibling', ...(beside ? { cause: beside } : {}) };
  }

  /** A removal that is not to be seen: what it removed is there. */
  private isBack({ intent }: EditRecord): boolean {
    return intent.kind === 'remove' || intent.kind === 'remove-item';
  }

  /** The edit that brought back what this one removed: one that wanted it there and had not seen the removal. */
  private bringerOf(record: EditRecord): Pick<Fate, 'cause'> {
    const { target } = wishOf(record, this.field)!;
    const wanting = this.replacements.wanting(target, present);
    const bringer = this.replacements.standing(wanting).find((each) => !each.context.includes(record.dot) && !record.context.includes(each.dot));
    return bringer ? { cause: bringer.dot } : this.causeOf(record);
  }

  /** Parts that end differently give the first of: lost, sibling, resurrected, visible, superseded. */
  private textFate(record: EditRecord): Fate {
    const { typed, visible, waiting, superseded, lost, lostTo, back, backInSome } = this.column.charactersOf(record);
    const characters = { typed, lost, ...(superseded.size > 0 ? { superseded } : {}) };
    if (lost > 0) return { disposition: 'lost', ...(lostTo ? { reason: 'concurrent' as const, cause: lostTo } : this.column.lossOf(record)), characters };
    if (waiting > 0 || (typed === 0 && backInSome > 0)) return { ...this.sibling(record), characters };
    if (typed === 0 && back > 0) return { disposition: 'resurrected', ...this.causeOf(record), characters };
    if (visible > 0 || typed === 0) return { disposition: 'visible', characters };
    const last = [...superseded.keys()].at(-1);
    return { disposition: 'superseded', ...(last === undefined ? {} : { cause: parseDot(last) }), characters };
  }

  private causeOf(record: EditRecord): Pick<Fate, 'cause'> {
    const { cause } = this.column.lossOf(record);
    return cause ? { cause } : {};
  }
}
