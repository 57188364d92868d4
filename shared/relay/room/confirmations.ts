/** Who of a room is to hear `saved`: those of whom something was stored since they heard it last, and nobody else. */
import type { VersionVector } from '../../clocks/version-vector.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import type { Session } from '../session/session.ts';

export class Confirmations {
  private owed = new Set<Session>();

  /** `stored`: the records on disk; `viewOf`: those that a session may hear of, null for all. */
  constructor(private readonly codec: Pick<FrameCodec, 'encode'>, private readonly stored: () => VersionVector, private readonly viewOf: (session: Session) => VersionVector | null) {}

  /** Only windows of replicas hear it. */
  owe(session: Session): void {
    if (session.replica !== null) this.owed.add(session);
  }

  forget(session: Session): void {
    this.owed.delete(session);
  }

  clear(): void {
    this.owed.clear();
  }

  send(): void {
    const stored = this.stored();
    for (const session of this.owed) {
      const view = this.viewOf(session);
      session.send(this.codec.encode({ kind: 'saved', summary: view ? stored.meet(view) : stored, yjsFrames: session.receipts.confirmed }));
    }
    this.owed.clear();
  }
}
