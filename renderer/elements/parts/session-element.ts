/** What every element that shows a replica shares: the session, and an update after each of its changes. */
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { SessionController } from '../../controllers/session-controller.ts';

export abstract class SessionElement extends LitElement {
  @property({ attribute: false }) session: ReplicaModel | null = null;

  constructor() {
    super();
    new SessionController(this, () => this.session);
  }
}
