/** Names and stamps the events of one replica: the dot, what had been seen, and when it was by its clocks. */
import type { ReplicaId } from '../clocks/dot.ts';
import { HybridLogicalClock, type HybridTimestamp } from '../clocks/hybrid-logical-clock.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { Intent } from '../document/intent.ts';
import type { FieldId } from '../document/schema.ts';
import type { Edit } from '../history/record.ts';
import type { Clock } from '../ports/clock.ts';

/** What few edits have beside their intent. */
export type EditAside = Pick<Edit, 'only' | 'restores' | 'gathers' | 'continues'>;

export type EventStamp = Pick<Edit, 'dot' | 'context' | 'wallMs' | 'hybrid' | 'skewMs'>;

export class EventStamps {
  private readonly hybrid = new HybridLogicalClock();
  private skew = 0;
  /** How far the device's clock is behind true time, in milliseconds, as far as that was measured. */
  offsetMs = 0;

  constructor(private readonly self: ReplicaId, private readonly clock: Clock) {}

  /** How far the wall clock is off, in milliseconds; positive is ahead. */
  get skewMs(): number {
    return this.skew;
  }

  set skewMs(skewMs: number) {
    if (!Number.isSafeInteger(skewMs)) throw new RangeError(`a clock skew is a whole number of milliseconds, not ${skewMs}`);
    this.skew = skewMs;
  }

  /** Takes note of a timestamp that arrived. */
  observe(remote: HybridTimestamp): void {
    this.hybrid.observe(remote);
  }

  /** Of an event that happens now, when so much has been seen. */
  next(context: VersionVector): EventStamp {
    const wallMs = Math.max(0, this.clock.wallMs() + this.skew);
    const stamp = { dot: { replica: this.self, counter: context.get(this.self) + 1 }, context, wallMs, hybrid: this.hybrid.tick(wallMs) };
    // How far the wall clock is off: what somebody set, and what the device's own clock is off.
    const skewMs = this.skew - this.offsetMs;
    return skewMs === 0 ? stamp : { ...stamp, skewMs };
  }

  /** An edit that is made now. Most have nothing beside their intent: they all have one shape then, which is quicker to make and to read. */
  edit(context: VersionVector, field: FieldId, intent: Intent, aside: EditAside | null): Edit {
    const edit = { ...this.next(context), field, intent };
    return aside ? { ...edit, ...aside } : edit;
  }
}
