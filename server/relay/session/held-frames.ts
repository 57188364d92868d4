/**
 * Frames of sessions that wait for something to be decided.
 *
 * Guarantees: a session's frames are handled in the order in which they came, those that were held before any that come after;
 * also those of a session whose client has gone meanwhile.
 */
import { errorText, errorTrace } from '../../../shared/encoding/error-text.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import type { Session } from './session.ts';

export class HeldFrames {
  private readonly held = new Map<Session, (() => void)[]>();
  private readonly leftOut = new Set<Session>();
  /** Called when no frame of a session is held any more. */
  private readonly waiting = new Map<Session, () => void>();

  constructor(private readonly report: (line: string) => void) {}

  /** Holds what a session sends until this has been decided; then `first` runs, then what was held. */
  hold(session: Session, decided: Promise<unknown>, first: () => void): void {
    this.held.set(session, [first]);
    const release = (): void => {
      const waiting = this.held.get(session) ?? [];
      this.held.delete(session);
      // One of these may be held in its turn.
      for (const run of waiting) if (!this.take(session, run)) attempt(session, run, this.report);
      if (!this.held.has(session)) this.release(session);
    };
    decided.then(release, (error: unknown) => {
      this.forget(session);
      session.end(closeCodes.restarting, errorText(error));
    });
  }

  /** Leaves out what a session sends until this has been decided; then `end` ends it. */
  leaveOut(session: Session, decided: Promise<unknown>, end: () => void): void {
    this.leftOut.add(session);
    const fail = (error: unknown): void => session.end(closeCodes.restarting, errorText(error));
    decided.then(end, fail).finally(() => this.leftOut.delete(session));
  }

  /** Whether a frame is held and will be handled later, or is left out. */
  take(session: Session, handle: () => void): boolean {
    if (this.leftOut.has(session)) return true;
    const waiting = this.held.get(session);
    waiting?.push(handle);
    return waiting !== undefined;
  }

  holds(session: Session): boolean {
    return this.held.has(session);
  }

  /** Resolves when no frame of a session is held; null where none is. */
  released(session: Session): Promise<void> | null {
    if (!this.held.has(session)) return null;
    return new Promise((resolve) => this.waiting.set(session, resolve));
  }

  /** What is held of a session does not count. */
  forget(session: Session): void {
    this.held.delete(session);
    this.release(session);
  }

  private release(session: Session): void {
    this.waiting.get(session)?.();
    this.waiting.delete(session);
  }
}

function attempt(session: Session, run: () => void, report: (line: string) => void): void {
  if (session.hasEnded && !session.hasDeparted) return;
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return session.end(error.code, error.message);
    report(`a frame of ${session.name} could not be handled: ${errorTrace(error)}`);
    session.end(closeCodes.internal, 'the relay could not handle this frame');
  }
}
