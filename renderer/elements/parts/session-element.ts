/** What every element that shows a replica shares: the session, and an update after each of its changes. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { ReplicaSession } from '../../controllers/replica-session.ts';
import { SessionController } from '../../controllers/session-controller.ts';

export abstract class SessionElement extends LitElement {
  @property({ attribute: false }) session: ReplicaSession | null = null;

  constructor() {
    super();
    new SessionController(this, () => this.session);
  }
}
