/** One random run of a coordinated strategy: 5 members, 60 edits, 20 faults, then healing. What is right or wrong about it is for the tests. */
import type { Dot, ReplicaId } from '../../shared/clocks/dot.ts';
import { dotKey } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import { applyIntent } from '../../shared/document/apply-intent.ts';
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldId, FieldValue, Schema } from '../../shared/document/schema.ts';
import type { Trace } from '../../shared/history/record.ts';
import { SeededRandom } from '../../shared/network/seeded-random.ts';
import { SimulatedLines } from '../../shared/simulation/simulated-line.ts';
import type { CoordinatedStrategy, MemberNetwork, Settlement } from '../../shared/strategies/coordinated-strategy.ts';
import { randomIntent } from '../support/random-intent.ts';

export const runSchema: Schema = [
  { id: 'title', type: 'register', label: 'Title', initial: 'start' },
  { id: 'votes', type: 'counter', label: 'Votes', initial: 0 },
  { id: 'seats', type: 'stock', label: 'Seats', initial: 9 },
];

export const members = ['A', 'B', 'C', 'D', 'E'] as const;

/** An edit, and all that was said about it. */
export interface RanEdit {
  readonly dot: Dot;
  readonly field: FieldId;
  readonly intent: Intent;
  readonly madeMs: number;
  readonly trace: Trace;
  readonly told: { readonly settlement: Exclude<Settlement, { readonly outcome: 'rolled-back' }>; readonly atMs: number }[];
  /** Its copy crashed before the edit was kept: it never left. */
  neverLeft: boolean;
}

export interface AnyCoordinated extends CoordinatedStrategy {
  openEdits(): readonly Dot[];
}

export class CoordinatedRun<Strategy extends AnyCoordinated> {
  readonly random: SeededRandom;
  readonly lines: SimulatedLines<Strategy>;
  /** All that copies said of edits, whoever made them. */
  readonly outcomes: { readonly at: ReplicaId; readonly dot: Dot; readonly settlement: Settlement }[] = [];
  readonly edits: RanEdit[] = [];
  /** What was found wrong while it ran. */
  readonly wrong: string[] = [];
  faults = 0;
  private readonly counters = new Map<ReplicaId, number>();

  constructor(seed: number, make: (name: ReplicaId) => Strategy, private readonly watch: (name: ReplicaId, strategy: Strategy, run: CoordinatedRun<Strategy>) => void = () => undefined, wrap?: (network: MemberNetwork) => MemberNetwork, names: readonly ReplicaId[] = members) {
    this.random = new SeededRandom(seed);
    const watched = (name: ReplicaId): Strategy => {
      const strategy = make(name);
      this.watch(name, strategy, this);
      return strategy;
    };
    this.lines = new SimulatedLines(names, new SeededRandom(seed + 1_000_000), watched, wrap);
    this.lines.onSettle = (at, dot, settlement) => {
      this.outcomes.push({ at, dot, settlement });
      // What a copy rolled back is not an answer to the edit's maker.
      if (settlement.outcome === 'rolled-back') return;
      this.edits.find((edit) => dotKey(edit.dot) === dotKey(dot))?.told.push({ settlement, atMs: this.lines.clock.nowMs() });
    };
  }

  /** Edits at a copy; whatever it answers is noted. */
  edit(name: ReplicaId, field: FieldId, intent?: Intent): RanEdit {
    const strategy = this.lines.at(name);
    const counter = (this.counters.get(name) ?? 0) + 1;
    this.counters.set(name, counter);
    const dot = { replica: name, counter };
    const spec = runSchema.find((each) => each.id === field)!;
    const meant = intent ?? randomIntent(this.random, spec, strategy.value(field));
    const madeMs = this.lines.clock.nowMs();
    const { trace } = strategy.perform({ dot, context: VersionVector.of([[name, counter - 1]]), field, intent: meant, wallMs: madeMs, hybrid: { ms: madeMs, counter: 0 } });
    const edit: RanEdit = { dot, field, intent: meant, madeMs, trace, told: [], neverLeft: false };
    this.edits.push(edit);
    return edit;
  }

  /** Edits and faults, then healing, then waiting until everything is decided and all copies agree. */
  async play(options: { readonly edits?: number; readonly settleMs?: number; readonly step?: (step: number) => void } = {}): Promise<void> {
    for (let step = 0; step < (options.edits ?? 60); step++) {
      if (step % 3 === 2) this.fault();
      options.step?.(step);
      const up = this.lines.names.filter((name) => this.lines.isUp(name));
      if (up.length > 0) this.editOnceOrMore(this.random.pick(up), this.random.pick(['title', 'votes', 'votes', 'seats']));
      if (this.random.chance(0.7)) await this.lines.run(this.random.below(90));
    }
    await this.heal(options.settleMs ?? 40_000);
  }

  async heal(msMax: number): Promise<void> {
    this.lines.heal();
    this.markLost();
    const done = (): boolean => {
      this.markLost();
      return this.edits.every((edit) => edit.neverLeft || endOf(edit) === 'accepted' || endOf(edit) === 'refused') && new Set(this.lines.names.map((name) => this.lines.at(name).digest())).size === 1;
    };
    if (!(await this.lines.runUntil(done, msMax))) {
      const open = this.edits.filter((edit) => !edit.neverLeft && endOf(edit) !== 'accepted' && endOf(edit) !== 'refused').map((edit) => `${dotKey(edit.dot)} is ${endOf(edit)}`);
      this.wrong.push(`not decided and equal ${msMax} ms after healing: ${open.join(', ')} ${this.lines.names.map((name) => `${name} ${JSON.stringify(runSchema.map(({ id }) => this.lines.at(name).value(id)))}`).join(' ')}`);
    }
  }

  /** Now and then several edits at once, which go together where edits that wait do. */
  private editOnceOrMore(name: ReplicaId, field: FieldId): void {
    for (let left = this.random.chance(0.1) ? 2 + this.random.below(4) : 1; left > 0; left--) this.edit(name, field);
  }

  private fault(): void {
    const { random, lines } = this;
    this.faults++;
    const shuffled = [...lines.names].sort(() => (random.chance(0.5) ? 1 : -1));
    const at = 1 + random.below(lines.names.length - 1);
    switch (random.below(8)) {
      case 0:
      case 1: return lines.islands(shuffled.slice(0, at), shuffled.slice(at));
      case 2: return lines.cutOneWay(shuffled[0]!, shuffled[1]!);
      case 3: return void Object.assign(lines.links, { lossChance: random.pick([0, 0.15, 0.3]) });
      case 4: return void Object.assign(lines.links, { duplicateChance: random.pick([0, 0.5]) });
      case 5: return void Object.assign(lines.links, { delayMsMax: random.pick([12, 80, 250]) });
      case 6: return lines.islands(lines.names);
      case 7: return this.crashOrRestart(shuffled[0]!);
    }
  }

  private crashOrRestart(name: ReplicaId): void {
    const down = this.lines.names.filter((each) => !this.lines.isUp(each));
    if (down.length < 2) this.lines.crash(name);
    for (const each of down) this.lines.restart(each);
    this.markLost();
  }

  /** What a copy neither told the end of nor remembers never left it. */
  private markLost(): void {
    for (const edit of this.edits) {
      if (edit.trace.outcome !== 'pending' || edit.told.length > 0 || !this.lines.isUp(edit.dot.replica)) continue;
      const open = this.lines.at(edit.dot.replica).openEdits();
      if (edit.madeMs < this.lines.clock.nowMs() && !open.some((dot) => dotKey(dot) === dotKey(edit.dot))) edit.neverLeft = true;
    }
  }
}

/** How an edit ended, as far as is known. */
export function endOf(edit: RanEdit): 'accepted' | 'refused' | 'unknown' | 'pending' {
  if (edit.trace.outcome !== 'pending') return edit.trace.outcome;
  return edit.told.at(-1)?.settlement.outcome ?? 'pending';
}

export function acceptedOf<Details>(edit: RanEdit): Details | null {
  const settlement = edit.told.at(-1)?.settlement;
  return settlement?.outcome === 'accepted' ? (settlement.details as Details) : null;
}

/** What must hold of outcomes whatever the strategy: a final outcome is final, and what never left has none. */
export function wrongOutcomes(edits: readonly RanEdit[]): string[] {
  return edits.flatMap((edit) => {
    const finals = new Set(edit.told.map(({ settlement }) => settlement.outcome).filter((outcome) => outcome !== 'unknown'));
    const wrong = [];
    if (finals.size > 1) wrong.push(`${dotKey(edit.dot)} was said to be accepted and refused`);
    if (edit.trace.outcome !== 'pending' && edit.told.length > 0) wrong.push(`${dotKey(edit.dot)} was ${edit.trace.outcome} at once and then settled`);
    if (edit.neverLeft && edit.told.length > 0) wrong.push(`${dotKey(edit.dot)} never left and was settled`);
    return wrong;
  });
}

/** The value after these edits, in this order; what could not be carried out is said. */
export function replay(field: FieldId, edits: readonly RanEdit[]): { readonly value: FieldValue; readonly wrong: string[] } {
  const spec = runSchema.find((each) => each.id === field)!;
  const wrong: string[] = [];
  let value = spec.initial;
  for (const edit of edits) {
    const applied = applyIntent(spec.type, value, edit.intent, dotKey(edit.dot));
    if (applied.ok) value = applied.value;
    else wrong.push(`${dotKey(edit.dot)} was accepted though ${applied.reason}`);
  }
  return { value, wrong };
}
