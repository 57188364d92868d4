/** Tells peers and the control room of this replica, if there is anything new to tell; a little after a change, so that many changes are told once. */
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { ControlConnection } from './control-connection.ts';
import type { ReplicaConnection } from '../../shared/ports/replica-connection.ts';

const waitMs = 60;

export class Announcer {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private clockText = '';
  private statusText = '';

  constructor(
    private readonly connection: Pick<ReplicaConnection, 'announce'>,
    private readonly control: Pick<ControlConnection, 'send'>,
    private readonly status: () => ReplicaStatus,
  ) {}

  schedule(): void {
    this.timer ??= setTimeout(() => this.announce(), waitMs);
  }

  /** A new control channel knows nothing of this replica yet. */
  tellAnew(): void {
    this.statusText = '';
    this.schedule();
  }

  private announce(): void {
    this.timer = null;
    // With its digests computed once.
    const status = { ...this.status() };
    const [clockText, statusText] = [JSON.stringify(status.clock), JSON.stringify(status)];
    if (clockText !== this.clockText) this.connection.announce({ replica: status.replica, clock: status.clock });
    if (statusText !== this.statusText) this.control.send({ kind: 'status', status });
    this.clockText = clockText;
    this.statusText = statusText;
  }
}
