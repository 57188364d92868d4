/**
 * The faults of a room's links, by the name of a replica or a session; they hold for whoever connects under it, now or later.
 *
 * Guarantees: while a window of ours loses frames, it is asked once a second to compare notes again; when the faults change or go, every session
 * that lost some is brought up to date. Other clients are brought up to date only then, as nothing in y-websocket asks them what they have.
 */
import { isSoundLink, type Link, type NamedLink, noFaults } from '../../network/link.ts';
import type { Clock } from '../../ports/clock.ts';
import { LinkDirection } from '../../network/link-faults.ts';
import { stepOneFrame } from '../frames.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import type { Island } from './island.ts';
import type { Session } from '../session/session.ts';
import { SessionLink } from '../session/session-link.ts';

export interface RoomLinksOptions {
  readonly clock: Clock;
  readonly sessions: () => readonly Session[];
  /** The state vector of the document that a session sees. */
  readonly stateVector: (session: Session) => Uint8Array;
  /** Sends a session all that it may lack, and asks for all that it may have. */
  readonly resync: (session: Session) => void;
}

interface BentLink {
  readonly link: Link;
  readonly upstream: LinkDirection;
  readonly downstream: LinkDirection;
}

/** How long lost frames of a window go unnoticed, in milliseconds. */
const noticeMs = 1_000;
/** Most bytes that wait on one link each way. */
const bufferedBytesMax = 32 * 1024 * 1024;

const soundLink: Link = { online: true, upstream: noFaults, downstream: noFaults, seed: 0 };

export class RoomLinks {
  private readonly bent = new Map<string, BentLink>();
  private readonly bindings = new Map<Session, BentLink>();
  private readonly noticing = new Map<Session, () => void>();
  private readonly clock: Clock;

  constructor(private readonly options: RoomLinksOptions) {
    this.clock = options.clock;
  }

  /** The links with faults, in the order of their names. */
  get all(): readonly NamedLink[] {
    return [...this.bent].map(([name, { link }]) => ({ name, ...link })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Link {
    return this.bent.get(name)?.link ?? soundLink;
  }

  /** The names of those. */
  get names(): Iterable<string> {
    return this.bent.keys();
  }

  /** How many have faults. */
  get count(): number {
    return this.bent.size;
  }

  /** Makes this the link of whoever has the name. */
  set(name: string, link: Link): void {
    if (isSoundLink(link)) this.bent.delete(name);
    else this.bent.set(name, { link, upstream: LinkDirection.seeded(link.seed, 'upstream', link.upstream), downstream: LinkDirection.seeded(link.seed, 'downstream', link.downstream) });
    for (const session of this.options.sessions()) {
      if (!link.online && (session.name === name || session.replica === name)) session.end(closeCodes.restarting, offReason(name));
      else this.bind(session);
    }
  }

  /** All links are as good as new. */
  mend(): void {
    this.bent.clear();
    for (const session of this.options.sessions()) this.bind(session);
  }

  /** Why nobody of this name may connect now; null if they may. */
  objection(name: string): string | null {
    return this.get(name).online ? null : offReason(name);
  }

  /** Gives a session the faults of its name: it has come, or said which replica it is. Throws a Refusal if that one's link is off. */
  bind(session: Session): void {
    if (session.hasEnded) return;
    const objection = this.objection(session.name) ?? this.objection(session.replica ?? session.name);
    if (objection) throw new Refusal(closeCodes.restarting, objection);
    const bent = this.bent.get(session.name) ?? this.bent.get(session.replica ?? session.name) ?? null;
    if (bent === (this.bindings.get(session) ?? null)) return;
    if (bent && !session.missesFrames) session.syncState.noteSureStateVector(session.syncState.wasAsked ? this.options.stateVector(session) : null);
    if (bent) this.bindings.set(session, bent);
    else this.bindings.delete(session);
    session.bend(bent && this.linkOf(session, bent));
    if (session.syncState.hasMissedFrames) this.options.resync(session);
  }

  /** A session has gone. */
  release(session: Session): void {
    this.bindings.delete(session);
    this.noticing.get(session)?.();
    this.noticing.delete(session);
  }

  /** A frame of a session was lost or overtaken, or a gap has shown it. */
  noteLoss(session: Session): void {
    session.syncState.noteLostFrame();
    if (session.hasEnded || this.noticing.has(session)) return;
    this.noticing.set(session, this.clock.after(noticeMs, () => {
      this.noticing.delete(session);
      if (session.syncState.hasMissedFrames && session.speaksOurs) this.options.resync(session);
    }));
  }

  /** Asks all sessions of an island that may have left gaps for what its document lacks. */
  askForLost({ sessions, document }: Island): void {
    for (const session of sessions) {
      if (!session.syncState.mayLeaveGaps) continue;
      if (session.speaksOurs) this.noteLoss(session);
      else session.send(stepOneFrame(document.stateVector));
    }
  }

  private linkOf(session: Session, { upstream, downstream }: BentLink): SessionLink {
    return new SessionLink({
      clock: this.clock,
      upstream,
      downstream,
      bufferedBytesMax,
      disturbed: () => this.noteLoss(session),
      overflowed: (bytes) => session.end(closeCodes.tooSlow, `its link is slow: ${bytes} bytes wait on it`),
    });
  }
}

function offReason(name: string): string {
  return `the link of ${name} is off`;
}
