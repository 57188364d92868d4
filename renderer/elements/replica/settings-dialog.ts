/** Settings of this replica (its clock) and of the room (its strategies), and what to do with the whole history. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { settingsStyles } from './settings-dialog-styles.ts';
import './strategy-settings.ts';

const minuteMs = 60_000;
const skewMsMax = 24 * 60 * minuteMs;

@customElement('settings-dialog')
export class SettingsDialog extends SessionElement {
  static override styles = [controlStyles, settingsStyles];

  @query('dialog') private dialog!: HTMLDialogElement;
  @state() private confirming = false;
  @state() private problem = '';

  show(): void {
    this.confirming = false;
    this.problem = '';
    if (!this.dialog.open) this.dialog.showModal();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    return html`<dialog aria-label="Settings" @click=${this.pressed}><div class="body">
      <div class="title"><h2>Settings</h2><button type="button" class="plain" aria-label="Close" @click=${this.close}>×</button></div>
      ${this.clockSkew(session)}
      <strategy-settings .session=${session}></strategy-settings>
      ${this.historyAndRoom(session)}
    </div></dialog>`;
  }

  private clockSkew(session: ReplicaModel): TemplateResult {
    const step = (skewMs: number, words: string): TemplateResult =>
      html`<button type="button" aria-pressed=${session.skewMs === skewMs} @click=${() => this.setSkew(skewMs)}>${words}</button>`;
    return html`<section aria-label="This replica">
      <h3>Replica ${session.name}: wall clock</h3>
      <p class="quiet" id="skew-help">A clock that is ahead makes this replica's edits look newer than they are, so last writer wins prefers them.</p>
      <div class="line">
        <label for="skew">Clock skew in seconds</label>
        <input id="skew" type="number" step="any" min=${-skewMsMax / 1000} max=${skewMsMax / 1000} aria-describedby="skew-help"
          .value=${String(session.skewMs / 1000)} @change=${this.typedSkew} />
        ${step(-5 * minuteMs, '−5 min')} ${step(0, '0')} ${step(5 * minuteMs, '+5 min')}
      </div>
    </section>`;
  }

  private historyAndRoom(session: ReplicaModel): TemplateResult {
    return html`<section aria-label="History and room">
      <h3>History and room</h3>
      <div class="line">
        <button type="button" @click=${this.saveHistory}>Save history</button>
        <span class="quiet small">all edits as JSON Lines</span>
      </div>
      ${this.confirming ? html`<div class="confirm" role="group" aria-label="Empty this room?">
          <p>Every replica of room “${session.room}” starts over. All edits are gone for good.</p>
          <div class="line"><button type="button" class="danger" @click=${this.emptyRoom}>Yes, empty it</button>
            <button type="button" class="cancel" @click=${() => (this.confirming = false)}>Cancel</button></div>
        </div>`
        : html`<button type="button" class="danger" @click=${this.askToEmpty}>Empty this room</button>`}
      <p class="problem" aria-live="assertive">${this.problem}</p>
    </section>`;
  }

  /** A press outside closes; the dialog's own box is filled by its body, so only its backdrop is the dialog itself. */
  private pressed(event: MouseEvent): void {
    if (event.target === this.dialog) this.close();
  }

  private close(): void {
    this.dialog.close();
  }

  private typedSkew(event: Event): void {
    const input = event.target as HTMLInputElement;
    const seconds = input.valueAsNumber;
    if (Number.isFinite(seconds)) this.setSkew(Math.max(-skewMsMax, Math.min(skewMsMax, Math.round(seconds * 1000))));
    // Set here and not by rendering: news from the room renders too, and must not wipe out what is being typed.
    input.value = String((this.session?.skewMs ?? 0) / 1000);
  }

  private setSkew(skewMs: number): void {
    this.session?.setSkewMs(skewMs);
    this.requestUpdate();
  }

  private saveHistory(): void {
    const { session } = this;
    if (!session) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([session.history()], { type: 'application/x-ndjson' }));
    link.download = `rejoin-${session.room}-${session.name}.jsonl`;
    link.click();
    // The download reads the object after the click has returned.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** The button that was pressed makes room for the question; the focus goes to the harmless answer. */
  private async askToEmpty(): Promise<void> {
    this.confirming = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLButtonElement>('.cancel')?.focus();
  }

  private async emptyRoom(): Promise<void> {
    this.problem = '';
    try {
      await this.session?.emptyRoom();
      this.confirming = false;
      this.close();
    } catch (error) {
      this.problem = `The room was not emptied: ${errorText(error)}`;
    }
  }
}
