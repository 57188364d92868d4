/** The settings of the strategies that hold for the whole room: which carry out edits, and how. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { LabSettings, SettingsChange } from '../../../shared/control/lab-settings.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { settingsDescriptors, strategyNames, type StrategySettings } from '../../../shared/strategies/registry.ts';
import type { SettingsInput } from '../../../shared/strategies/strategy-descriptor.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { settingsStyles } from './settings-dialog-styles.ts';

type Part = keyof StrategySettings;

@customElement('strategy-settings')
export class StrategySettingsElement extends SessionElement {
  static override styles = [controlStyles, settingsStyles];

  @state() private problem = '';

  protected override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (!session) return nothing;
    const { settings } = session;
    return html`
      <section aria-label="Strategies">
        <h3>Strategies</h3>
        <p class="quiet">These hold for the whole room, in every window. Edits go to all that are on.</p>
        <div class="line">${session.runningStrategies.map((strategy) => this.enabled(strategy, settings.enabled))}</div>
      </section>
      ${settingsDescriptors.map((each) => this.formOf(each, settings))}
      <p class="problem" aria-live="assertive">${this.problem}</p>`;
  }

  private enabled(strategy: StrategyId, enabled: readonly StrategyId[]): TemplateResult {
    const isOn = enabled.includes(strategy);
    const others = enabled.filter((each) => each !== strategy);
    return html`<label class="choice"><input type="checkbox" .checked=${live(isOn)} ?disabled=${isOn && others.length === 0}
      @change=${() => this.put({ enabled: isOn ? others : this.session!.runningStrategies.filter((each) => each === strategy || enabled.includes(each)) })} /> ${strategyNames[strategy]}</label>`;
  }

  private formOf({ name, settings: { key, form } }: (typeof settingsDescriptors)[number], settings: LabSettings): TemplateResult {
    const set = settings[key] as Readonly<Record<string, unknown>>;
    return html`<section aria-label=${name}>
      <h3>${name}</h3>
      ${form.map(({ legend, inputs }) => this.group(key, set, legend, inputs))}
    </section>`;
  }

  private group(part: Part, set: Readonly<Record<string, unknown>>, legend: string | null, inputs: readonly SettingsInput[]): TemplateResult {
    const controls = inputs.map((input) => this.control(part, set[input.name], input));
    if (legend !== null) return html`<fieldset><legend>${legend}</legend>${controls}</fieldset>`;
    return inputs.every(({ kind }) => kind === 'replicas') ? html`<div class="line">${controls}</div>` : html`${controls}`;
  }

  private control(part: Part, value: unknown, input: SettingsInput): TemplateResult {
    const { name, label } = input;
    const put = (next: unknown): void => this.change(part, { [name]: next });
    switch (input.kind) {
      case 'replicas':
        return html`<label class="choice">${label} <input class="copies" type="number" min="1" step="1" .value=${live(String(value))}
          @change=${(event: Event) => put((event.target as HTMLInputElement).valueAsNumber)} /></label>`;
      case 'switch': {
        const isOn = value === input.on;
        return html`<label class="radio"><input type="checkbox" .checked=${live(isOn)} @change=${() => put(isOn ? input.off : input.on)} />
          <span>${label}</span> <span class="quiet small">${input.help}</span></label>`;
      }
      case 'choice':
        return html`<label class="radio">
          <input type="radio" name=${name} value=${input.value} aria-describedby="${name}-${input.value}" .checked=${live(value === input.value)} @change=${() => put(input.value)} />
          <span>${label}</span> <span class="quiet small" id="${name}-${input.value}">${input.help}</span>
        </label>`;
    }
  }

  private change(part: Part, change: object): void {
    const { session } = this;
    if (session) this.put({ [part]: { ...session.settings[part], ...change } });
  }

  private put(change: SettingsChange): void {
    this.problem = '';
    this.session?.setSettings(change).catch((error: unknown) => {
      this.problem = `Not changed: ${errorText(error)}`;
      // What was typed was refused: show what holds.
      this.requestUpdate();
    });
  }
}
