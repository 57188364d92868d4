/**
 * Keeps an element up to date with a ReplicaModel: subscribes while the element is connected and asks it to update after changes,
 * at most once a frame (frame-updates.ts).
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { frameUpdates } from './frame-updates.ts';
import type { ReplicaModel } from './replica-model.ts';

export class SessionController implements ReactiveController {
  private followed: ReplicaModel | null = null;
  private unsubscribe: (() => void) | null = null;
  private connected = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly session: () => ReplicaModel | null,
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
    this.unsubscribe = session?.subscribe(() => frameUpdates.add(this.host)) ?? null;
  }

  private stop(): void {
    this.unsubscribe?.();
    frameUpdates.remove(this.host);
    this.unsubscribe = null;
    this.followed = null;
  }
}
