/**
 * What Yjs can apply of a document's edits and what it has to hold back, without applying anything.
 *
 * Guarantees: an edit can be applied when all of its client's before it are, and its neighbours and its parent too, in whatever order they come; so exactly those
 * are held back that Yjs keeps in `store.pendingStructs`. Takes time in proportion to the runs (and the logarithm of their number), however they wait for one another.
 */
import { lastFrom } from './clock-ranges.ts';
import type { Run, UnitId } from './content-run.ts';

/** Edits of one client that cannot be applied: `units` of them, the first with this clock. */
export interface Wait extends UnitId {
  readonly units: number;
  /** The unit that the first of them needs. */
  readonly for: UnitId;
}

export interface AppliedUpdates {
  /** For each client how many units can be applied: Yjs's state vector. */
  readonly stateVector: ReadonlyMap<number, number>;
  readonly waits: readonly Wait[];
}

/** `runs`: each client's in the order of their clocks, none overlapping. */
export function applicable(runs: ReadonlyMap<number, readonly Run[]>): AppliedUpdates {
  const applying = new Applying(runs);
  applying.applyAll();
  return { stateVector: applying.state, waits: applying.waits() };
}

class Applying {
  readonly state = new Map<number, number>();
  /** The place of each client's next run. */
  private readonly next = new Map<number, number>();
  /** Clients that go on when a run is applied. */
  private readonly sleepers = new Map<Run, number[]>();

  constructor(private readonly runs: ReadonlyMap<number, readonly Run[]>) {}

  applyAll(): void {
    const awake = [...this.runs.keys()];
    for (let client = awake.pop(); client !== undefined; client = awake.pop()) this.advance(client, awake);
  }

  waits(): Wait[] {
    const waits: Wait[] = [];
    for (const [client, own] of this.runs) {
      const rest = own.slice(this.next.get(client) ?? 0);
      if (rest.length > 0) waits.push({ client, clock: rest[0]!.clock, units: rest.reduce((sum, { length }) => sum + length, 0), for: this.needOf(rest[0]!)! });
    }
    return waits.sort((a, b) => a.client - b.client);
  }

  private advance(client: number, awake: number[]): void {
    const own = this.runs.get(client)!;
    for (let i = this.next.get(client) ?? 0; i < own.length; i++) {
      const run = own[i]!;
      const need = this.needOf(run);
      if (need) return this.sleep(client, need);
      this.state.set(client, run.clock + run.length);
      this.next.set(client, i + 1);
      for (const sleeper of this.sleepers.get(run) ?? []) awake.push(sleeper);
      this.sleepers.delete(run);
    }
  }

  private sleep(client: number, need: UnitId): void {
    const candidates = this.runs.get(need.client) ?? [];
    const run = candidates[lastFrom(candidates, need.clock)];
    if (!run || need.clock >= run.clock + run.length) return;
    const others = this.sleepers.get(run);
    if (others) others.push(client);
    else this.sleepers.set(run, [client]);
  }

  /** The first unit that a run lacks; null where it can be applied. */
  private needOf({ client, clock, place }: Run): UnitId | null {
    const own = this.stateOf(client);
    if (clock > own) return { client, clock: own };
    if (!place) return null;
    const { left, right, parent } = place;
    return [left, right, typeof parent === 'string' ? null : parent].find((unit) => unit && unit.clock >= this.stateOf(unit.client)) ?? null;
  }

  private stateOf(client: number): number {
    return this.state.get(client) ?? 0;
  }
}
