/**
 * The roots of a saved document: what `doc.getText(name)`, `doc.getMap(name)` and the like would show.
 *
 * A document does not say of which type a root is; that shows in what was put into it. Content that
 * was deleted and thrown away tells nothing, and belongs to no root. Takes time in proportion to the
 * runs and the logarithm of their number.
 */
import { type ClockRange, ClockRanges, lastFrom } from './clock-ranges.ts';
import type { Run, UnitId } from './content-run.ts';
import type { SavedDocument } from './saved-document.ts';

/** As what a root was used: Y.Text, Y.Map, Y.Array, or Y.XmlFragment with its kin. */
export type RootUse = 'text' | 'map' | 'array' | 'xml';

export interface Root {
  readonly name: string;
  /** None where only nested or deleted things are left of it. */
  readonly uses: readonly RootUse[];
  /** Units in it and in what is nested in it, the deleted ones included. */
  readonly units: number;
  readonly deleted: number;
  /** Nested types in it, at any depth. */
  readonly nested: number;
}

/** Where a run is: below which root, whether it is in the root itself, and under a key there. */
interface Whereabouts {
  readonly root: string;
  readonly isDirect: boolean;
  readonly isKeyed: boolean;
}

/** By name. */
export function rootsOf(document: SavedDocument): Root[] {
  const locating = new Locating(document.runs);
  const found = new Map<string, Gathered>();
  for (const own of document.runs.values()) {
    for (const run of own) {
      const where = locating.of(run);
      if (!where) continue;
      const gathered = found.get(where.root) ?? new Gathered();
      found.set(where.root, gathered);
      gathered.add(run, where);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, gathered]) => gathered.rootNamed(name, document.deleted));
}

/** Whether a root was used as types that Yjs does not let be one. An XML element has keys and children. */
export function isMixed({ uses }: Pick<Root, 'uses'>): boolean {
  return uses.length > 1 && !(uses.length === 2 && uses.includes('map') && uses.includes('xml'));
}

class Gathered {
  private readonly ranges: ClockRange[] = [];
  private nested = 0;
  private readonly counts = { keys: 0, texts: 0, values: 0, types: 0, xml: 0 };

  add(run: Run, { isDirect, isKeyed }: Whereabouts): void {
    const { client, clock, length, content } = run;
    this.ranges.push({ client, clock, length });
    if (content.kind === 'type') this.nested++;
    if (!isDirect) return;
    if (isKeyed) this.counts.keys++;
    else this.count(content);
  }

  rootNamed(name: string, deletions: ClockRanges): Root {
    const ranges = ClockRanges.of(this.ranges);
    const { units } = ranges;
    const deleted = ranges.and(deletions).units;
    return { name, uses: this.uses, units, deleted, nested: this.nested };
  }

  private count(content: Run['content']): void {
    switch (content.kind) {
      case 'text': case 'format': case 'embed': this.counts.texts++; break;
      case 'value': case 'json': case 'binary': case 'subdocument': this.counts.values++; break;
      case 'type': this.counts[content.raw[0] === 'xml' ? 'xml' : 'types']++; break;
    }
  }

  /** A text may have types embedded, and an array XML elements: they tell only where nothing else does. */
  private get uses(): RootUse[] {
    const { keys, texts, values, types, xml } = this.counts;
    const uses: RootUse[] = [];
    if (texts > 0) uses.push('text');
    if (values > 0 || (types > 0 && texts === 0)) uses.push('array');
    if (xml > 0 && uses.length === 0) uses.push('xml');
    if (keys > 0) uses.push('map');
    return uses;
  }
}

/** Finds where runs are by what their makers said: a parent, or a neighbour that has the same one. */
class Locating {
  private readonly known = new Map<Run, Whereabouts | null>();

  constructor(private readonly runs: ReadonlyMap<number, readonly Run[]>) {}

  /** Without recursion: long texts are long chains. */
  of(run: Run): Whereabouts | null {
    const chain = [run];
    for (let at = chain.at(-1); at !== undefined; at = chain.at(-1)) {
      if (this.known.get(at)) {
        chain.pop();
        continue;
      }
      const next = this.nextOf(at);
      if (next && !this.known.has(next)) {
        // Should runs name one another in a circle, they are nowhere.
        this.known.set(at, null);
        chain.push(next);
        continue;
      }
      this.known.set(at, this.located(at, next));
      chain.pop();
    }
    return this.known.get(run) ?? null;
  }

  private nextOf({ place }: Run): Run | null {
    if (!place || typeof place.parent === 'string') return null;
    const unit = place.parent ?? place.left ?? place.right;
    return unit && this.runAt(unit);
  }

  private located({ place }: Run, next: Run | null): Whereabouts | null {
    if (!place) return null;
    const isKeyed = place.key !== null;
    if (typeof place.parent === 'string') return { root: place.parent, isDirect: true, isKeyed };
    const known = next && this.known.get(next);
    if (!known) return null;
    return place.parent ? { root: known.root, isDirect: false, isKeyed } : known;
  }

  private runAt({ client, clock }: UnitId): Run | null {
    const own = this.runs.get(client) ?? [];
    const run = own[lastFrom(own, clock)];
    return run && clock < run.clock + run.length ? run : null;
  }
}
