/**
 * The rules by which edits end, one set for all strategies: by effect, and by who had seen what.
 *
 * Of the edits of one field that a strategy carried out, the first that fits:
 * - visible: what it wanted can be seen. Of several that wanted what is shown, those that nothing replaced; if all were replaced, those that none of
 *   the others had seen. What was put back stays as it was: what is shown again is the new edit's. Steps, places and characters are read from the edits that the shown value was made of.
 * - sibling: it can be seen in some, not all, of the values that a person can choose now.
 * - superseded: something that was carried out replaced it, whatever became of that.
 * - resurrected: a removal whose element, item or characters are there.
 * - lost: all else.
 * Refused, unknown and pending edits are told apart before.
 */
import { dotKey, type DotKey, parseDot } from '../../clocks/dot.ts';
import type { FieldSpec } from '../../document/schema.ts';
import type { EditRecord } from '../../history/record.ts';
import type { Sliced } from '../slices.ts';
import type { Column } from './column.ts';
import type { Fate } from './fate.ts';
import { keysOf, Replacements } from './replacements.ts';
import { absent, isPlace, present, type Target, wishesShown, type Wish, wishOf } from './targets.ts';

/**
 * `carriedOut`: the field's edits that the strategy did not refuse, in causal order. `isSettled`: whether it is certain that an edit happened; what is
 * open may replace others, and stands for no shown value.
 */
export function* fieldFates(
  field: FieldSpec,
  carriedOut: readonly EditRecord[],
  column: Column,
  isSettled: (record: EditRecord) => boolean = () => true,
): Sliced<(record: EditRecord) => Fate> {
  const replacements = yield* Replacements.of(field, carriedOut, column.keeps);
  const shown = column.values.map((value) => wishesShown(field, value));
  const rules = new FieldRules(field, column, replacements, shown, yield* standingEdits(replacements, shown, isSettled));
  return (record) => column.exceptionOf(record) ?? rules.fateOf(record);
}

/** What a value shows at a target. */
type Shown = (target: Target) => string | null;

/** The edits that stand for a wish that is shown. */
interface Standing {
  readonly edits: readonly EditRecord[];
  /** Without those of which it is not certain that they happened. */
  readonly settled: ReadonlySet<DotKey>;
}

/** By wish, of all that are shown; places are not read from values. */
function* standingEdits(replacements: Replacements, shown: readonly Shown[], isSettled: (record: EditRecord) => boolean): Sliced<ReadonlyMap<string, Standing>> {
  const standing = new Map<string, Standing>();
  for (const target of replacements.targets) {
    const wishes = isPlace(target) ? [] : shown.map((shownAt) => shownAt(target));
    for (const wish of new Set(wishes)) {
      if (wish === null) continue;
      const wanting = replacements.wanting(target, wish);
      const settled = wanting.filter(isSettled);
      const edits = yield* replacements.standing(wanting);
      standing.set(wishKey({ target, wish }), { edits, settled: keysOf(settled.length === wanting.length ? edits : yield* replacements.standing(settled)) });
    }
    yield;
  }
  return standing;
}

function wishKey({ target, wish }: Wish): string {
  return `${target}\n${wish}`;
}

const noStanding: Standing = { edits: [], settled: new Set() };

class FieldRules {
  constructor(
    private readonly field: FieldSpec,
    private readonly column: Column,
    private readonly replacements: Replacements,
    private readonly shown: readonly Shown[],
    private readonly standing: ReadonlyMap<string, Standing>,
  ) {}

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
    return isPlace(wanted.target) || this.standingFor(wanted).settled.has(dotKey(record.dot));
  }

  private shownAt(value: number, target: Target): string | null {
    if (!isPlace(target)) return this.shown[value]!(target);
    const item = target.slice('place '.length);
    return this.shown[value]!(`item ${item}`) === absent ? null : this.column.placedBy(value, item);
  }

  private standingFor(wish: Wish): Standing {
    return this.standing.get(wishKey(wish)) ?? noStanding;
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
    const bringer = this.standingFor({ target, wish: present }).edits.find((each) => !each.context.includes(record.dot) && !record.context.includes(each.dot));
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
