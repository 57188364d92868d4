/**
 * Keeps an element up to date with a ReplicaSession: subscribes while the element is connected and asks it to update after changes,
 * at most once a frame.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReplicaSession } from './replica-session.ts';

/** Frames stop in a window that is covered or in the background; its content must still not grow old. */
const frameWaitMsMax = 100;

export class SessionController implements ReactiveController {
  private followed: ReplicaSession | null = null;
  private unsubscribe: (() => void) | null = null;
  private cancelFrame: (() => void) | null = null;
  private connected = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly session: () => ReplicaSession | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.connected = true;
    this.follow();
  }

  hostUpdate(): void {
    this.follow();
  }

  hostDisconnected(): void {
    this.connected = false;
    this.stop();
  }

  private follow(): void {
    const session = this.session();
    if (!this.connected || session === this.followed) return;
    this.stop();
    this.followed = session;
    this.unsubscribe = session?.subscribe(() => this.changed()) ?? null;
  }

  private stop(): void {
    this.unsubscribe?.();
    this.cancelFrame?.();
    this.unsubscribe = null;
    this.followed = null;
  }

  private changed(): void {
    if (this.cancelFrame) return;
    const run = (): void => {
      this.cancelFrame?.();
      this.host.requestUpdate();
    };
    const frame = requestAnimationFrame(run);
    const timer = setTimeout(run, frameWaitMsMax);
    this.cancelFrame = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.cancelFrame = null;
    };
  }
}
