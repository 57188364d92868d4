/** Awareness states that a room could not take: who sent them hears so, and the relay's log, once for each reason. */
import { awarenessFrame, permissionDeniedFrame } from '../frames.ts';
import type { RelayMeter } from '../relay-meter.ts';
import type { Session } from '../session/session.ts';
import { type PresenceDrop, writeAwareness } from './awareness-entries.ts';

export interface DroppedPresenceOptions {
  readonly meter: Pick<RelayMeter, 'refuse'>;
  /** Gets one line. */
  readonly report: (line: string) => void;
}

/** A y-websocket client that hears nothing for 30 s closes its connection, also where its own presence is all that it would hear. */
const nobody = awarenessFrame(writeAwareness([]));

export class DroppedPresence {
  private readonly told = new WeakMap<Session, Set<PresenceDrop['kind']>>();

  constructor(private readonly options: DroppedPresenceOptions) {}

  tell(session: Session, drops: readonly PresenceDrop[]): void {
    if (drops.length === 0) return;
    for (const { kind, reason } of drops) {
      this.options.meter.refuse(kind);
      if (!this.isNew(session, kind)) continue;
      session.send(permissionDeniedFrame(`presence was dropped: ${reason}`));
      this.options.report(`presence of ${session.name} was dropped: ${reason}`);
    }
    session.send(nobody);
  }

  private isNew(session: Session, kind: PresenceDrop['kind']): boolean {
    let told = this.told.get(session);
    if (!told) this.told.set(session, (told = new Set()));
    if (told.has(kind)) return false;
    told.add(kind);
    return true;
  }
}
