/**
 * Random scenarios: what people might do to a document, and what a network might do to them. The same seed gives the same scenario everywhere.
 *
 * Guarantees: as many edits as asked for, all at the same pace as the faults between them; every fault that the simulation knows has its chance; in the end
 * everything heals. Some steps cannot be done when their turn comes (the replica is down, the item is gone): they are passed over.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { FieldId, FieldSpec, ListItem } from '../document/schema.ts';
import { SeededRandom } from '../network/seeded-random.ts';
import type { Scenario } from './scenario.ts';
import type { RawScenario, RawStep } from './scenario-format.ts';

/** A step of a `together`. */
export type RandomStep = Omit<RawStep, 'together'>;

export interface RandomOptions {
  /** How many edits people try to make. Default 200. */
  readonly edits?: number;
  /** How many faults befall them at least. Default 15. */
  readonly faults?: number;
  /** The share of those edits that are reads instead, from 0 to 1. Default 0.03. */
  readonly reads?: number;
}

/** What a scenario's document is, as it is written. */
export type RunTemplate = Pick<RawScenario, 'title' | 'lookAt' | 'fields' | 'replicas' | 'leader' | 'strategies' | 'preset' | 'settings' | 'expect'>;

/** The steps before healing, for the document and the replicas of this scenario. */
export function randomSteps({ schema, replicas, strategies }: Pick<Scenario, 'schema' | 'replicas' | 'strategies'>, seed: number, { edits = 200, faults = 15, reads = 0.03 }: RandomOptions = {}): RandomStep[] {
  const random = new SeededRandom(seed);
  const maker = new StepMaker(random, schema, replicas, strategies, reads);
  const steps: RandomStep[] = [];
  for (let edit = 0, fault = 0; edit < edits || fault < faults; ) {
    // Both run out at about the same time.
    const isFault = edit >= edits || (fault < faults * 2 && random.chance((faults * 1.5) / (edits + faults * 1.5)));
    for (const restart of maker.restarts()) steps.push(restart);
    steps.push(isFault ? maker.fault() : maker.edit());
    if (isFault) fault++;
    else edit++;
    // Often nothing is said of the time: then things happen in the same millisecond.
    if (random.chance(0.35)) steps.push({ wait: 1 + random.below(random.chance(0.04) ? 3_000 : 40) });
  }
  return steps;
}

/** A scenario of these steps, all at their own pace, and then everything heals. */
export function scenarioWith(template: RunTemplate, steps: readonly RandomStep[]): RawScenario {
  return { ...template, steps: [...(steps.length > 0 ? [{ together: [...steps] }] : []), { heal: true }] };
}

/** A replica that was killed is opened again after so many steps at most. */
const downStepsMax = 25;
const words = ['rome', 'paris', 'hotel', 'train', 'sun', 'tickets'] as const;

class StepMaker {
  private labels = 0;
  /** Replicas that are down, with the number of steps until they come back. */
  private readonly down = new Map<ReplicaId, number>();
  private readonly known: string[];

  constructor(private readonly random: SeededRandom, private readonly schema: Scenario['schema'], private readonly replicas: readonly ReplicaId[], private readonly strategies: Scenario['strategies'], private readonly reads: number) {
    this.known = schema.flatMap((field) => (field.type === 'list' ? (field.initial as readonly ListItem[]).map(({ label }) => label) : []));
  }

  edit(): RandomStep {
    const { random } = this;
    const at = random.pick(this.replicas.filter((replica) => !this.down.has(replica)));
    if (this.strategies.includes('single-leader') && random.chance(0.01)) return { promote: at };
    if (random.chance(this.reads)) return { at, read: random.pick(this.replicas) };
    const column = random.chance(0.5) ? { in: random.pick(this.strategies) } : {};
    return { at, ...column, ...this.action(random.pick(this.schema)) };
  }

  private action(field: FieldSpec): RandomStep {
    const { random } = this;
    const { id } = field;
    // A person who sees siblings says what they want instead.
    if (this.strategies.includes('siblings') && field.type !== 'list' && random.chance(0.05)) return { keep: { [id]: this.ownWords(field) } };
    switch (field.type) {
      case 'register': return { set: { [id]: `${random.pick(words)} ${random.below(100)}` } };
      case 'text': return random.chance(0.7)
        ? { type: { [id]: { text: `${random.pick(words).slice(0, 1 + random.below(5))} `, at: random.below(60) } } }
        : { erase: { [id]: { at: random.below(24), count: 1 + random.below(4) } } };
      case 'counter': return { increment: { [id]: random.pick([1, 1, 1, 2, -1]) } };
      case 'set': return random.chance(0.6) ? { add: { [id]: random.pick(words) } } : { remove: { [id]: random.pick(words) } };
      case 'list': return this.listDeed(id);
      case 'stock': return random.chance(0.7) ? { reserve: { [id]: 1 + random.below(2) } } : { release: { [id]: 1 } };
    }
  }

  private ownWords(field: FieldSpec): string | number | string[] {
    const { random } = this;
    if (field.type === 'counter' || field.type === 'stock') return random.below(5);
    return field.type === 'set' ? [random.pick(words)] : `${random.pick(words)}`;
  }

  private listDeed(id: FieldId): RandomStep {
    const { random, known } = this;
    const somewhere = (): { after?: string | null } => (known.length === 0 || random.chance(0.3) ? {} : { after: random.chance(0.2) ? null : random.pick(known) });
    if (known.length === 0 || random.chance(0.4)) {
      const label = `task ${++this.labels}`;
      known.push(label);
      return { insert: { [id]: { label, ...somewhere() } } };
    }
    const item = random.pick(known);
    switch (random.below(5)) {
      case 0: return { relabel: { [id]: { item, label: this.renamed(item) } } };
      case 1: return { tick: { [id]: item } };
      case 2: return { untick: { [id]: item } };
      case 3: return { move: { [id]: { item, ...somewhere() } } };
      default: return { remove: { [id]: item } };
    }
  }

  private renamed(item: string): string {
    const label = `${item} again`.slice(-24);
    if (!this.known.includes(label)) this.known.push(label);
    return label;
  }

  fault(): RandomStep {
    const { random } = this;
    const replica = random.pick(this.replicas);
    switch (random.below(12)) {
      case 0: case 1: return { offline: replica };
      case 2: case 3: return { online: replica };
      case 4: return this.replicas.length < 2 ? { offline: replica } : { islands: this.split() };
      case 5: return { islands: [[...this.replicas]] };
      case 6: case 7: return this.crash(replica);
      case 8: return { skew: { [replica]: (random.below(7) - 3) * 60_000 } };
      case 9: return { link: { [replica]: random.chance(0.5) ? { upstream: { cut: true } } : { downstream: { cut: true } } } };
      case 10: return { link: { [replica]: { upstream: this.bent(), downstream: this.bent() } } };
      default: return { link: { [replica]: {} } };
    }
  }

  /** Somebody is always up. */
  private crash(replica: ReplicaId): RandomStep {
    if (this.down.has(replica) || this.down.size >= this.replicas.length - 1) return { offline: replica };
    this.down.set(replica, 1 + this.random.below(downStepsMax));
    return { crash: replica };
  }

  /** Those whose time has come. */
  restarts(): RandomStep[] {
    for (const [replica, left] of this.down) this.down.set(replica, left - 1);
    const back = [...this.down].filter(([, left]) => left <= 0).map(([replica]) => replica);
    for (const replica of back) this.down.delete(replica);
    return back.length > 0 ? [{ restart: back }] : [];
  }

  private bent(): { latencyMs?: number; jitterMs?: number; dropRate?: number; duplicateRate?: number; reorderRate?: number } {
    const { random } = this;
    const some = (chance: number, most: number): number => (random.chance(chance) ? random.below(most * 100) / 100 : 0);
    return { latencyMs: random.below(200), jitterMs: random.below(60), dropRate: some(0.4, 0.3), duplicateRate: some(0.4, 0.3), reorderRate: some(0.4, 0.5) };
  }

  private split(): ReplicaId[][] {
    const { random, replicas } = this;
    const cut = 1 + random.below(replicas.length - 1);
    // A random half, not always the first ones.
    const shuffled = [...replicas].map((name) => ({ name, key: random.uint32() })).sort((a, b) => a.key - b.key).map(({ name }) => name);
    return [shuffled.slice(0, cut), shuffled.slice(cut)];
  }
}
