/**
 * Frames of sessions that wait for something to be decided.
 *
 * Guarantees: a session's frames are handled in the order in which they came, those that were deferred before any that come after;
 * also those of a session whose client has gone meanwhile.
 */
import { errorText, errorTrace } from '../../encoding/error-text.ts';
import { closeCodes, Refusal } from '../refusal.ts';
import type { Session } from './session.ts';

export class DeferredFrames {
  private readonly deferred = new Map<Session, (() => void)[]>();
  private readonly leftOut = new Set<Session>();
  /** Called when no frame of a session is deferred any more. */
  private readonly waiting = new Map<Session, () => void>();

  constructor(private readonly report: (line: string) => void) {}

  /** Defers what a session sends until this has been decided; then `first` runs, then what was deferred. */
  defer(session: Session, decided: Promise<unknown>, first: () => void): void {
    this.deferred.set(session, [first]);
    const release = (): void => {
      const waiting = this.deferred.get(session) ?? [];
      this.deferred.delete(session);
      // One of these may be deferred in its turn.
      for (const run of waiting) if (!this.take(session, run)) attempt(session, run, this.report);
      if (!this.deferred.has(session)) this.release(session);
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

  /** Whether a frame is deferred, to be handled later, or is left out. */
  take(session: Session, handle: () => void): boolean {
    if (this.leftOut.has(session)) return true;
    const waiting = this.deferred.get(session);
    waiting?.push(handle);
    return waiting !== undefined;
  }

  defers(session: Session): boolean {
    return this.deferred.has(session);
  }

  /** Resolves when no frame of a session is deferred; null where none is. */
  released(session: Session): Promise<void> | null {
    if (!this.deferred.has(session)) return null;
    return new Promise((resolve) => this.waiting.set(session, resolve));
  }

  /** What is deferred of a session does not count. */
  forget(session: Session): void {
    this.deferred.delete(session);
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
