/** The settings of the strategies that hold for the whole room: which carry out edits, and how. */
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { LabSettings, SettingsChange } from '../../../shared/control/lab-settings.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { strategyNames } from '../../../shared/strategies/names.ts';
import { controlStyles } from '../../styles/control-styles.ts';
import { SessionElement } from '../parts/session-element.ts';
import { settingsStyles } from './settings-dialog-styles.ts';

type Part = Exclude<keyof SettingsChange, 'enabled' | 'preset' | 'columns' | 'leader'>;

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
      ${this.lastWriterWins(settings)} ${this.siblings(settings)} ${this.quorum(settings)} ${this.consensus(settings)} ${this.singleLeader(settings)}
      <p class="problem" aria-live="assertive">${this.problem}</p>`;
  }

  private enabled(strategy: StrategyId, enabled: readonly StrategyId[]): TemplateResult {
    const isOn = enabled.includes(strategy);
    const others = enabled.filter((each) => each !== strategy);
    return html`<label class="choice"><input type="checkbox" .checked=${live(isOn)} ?disabled=${isOn && others.length === 0}
      @change=${() => this.put({ enabled: isOn ? others : this.session!.runningStrategies.filter((each) => each === strategy || enabled.includes(each)) })} /> ${strategyNames[strategy]}</label>`;
  }

  private lastWriterWins({ lastWriterWins: { granularity, clock } }: LabSettings): TemplateResult {
    return html`<section aria-label="Last writer wins">
      <h3>Last writer wins</h3>
      <fieldset><legend>What one write replaces</legend>
        ${this.radio('lastWriterWins', 'granularity', 'field', granularity, 'One field', 'two edits of different fields both survive')}
        ${this.radio('lastWriterWins', 'granularity', 'document', granularity, 'The whole document', 'the later edit replaces every field, as in row-level sync')}
      </fieldset>
      <fieldset><legend>Which clock decides who is last</legend>
        ${this.radio('lastWriterWins', 'clock', 'wall', clock, 'Wall clock', 'with its skew: a fast clock beats later edits')}
        ${this.radio('lastWriterWins', 'clock', 'hybrid', clock, 'Hybrid logical clock', 'an edit is always later than what its author had seen')}
      </fieldset>
    </section>`;
  }

  private siblings({ siblings: { sets, numbers } }: LabSettings): TemplateResult {
    return html`<section aria-label="Siblings">
      <h3>Siblings</h3>
      <fieldset><legend>Who decides between siblings</legend>
        ${this.check(sets === 'union', 'Tags: the union', 'nobody is asked; removed tags may come back', (on) => this.change('siblings', { sets: on ? 'union' : 'ask' }))}
        ${this.check(numbers === 'maximum', 'Numbers: the greatest', "nobody is asked; the smaller side's steps are lost", (on) => this.change('siblings', { numbers: on ? 'maximum' : 'ask' }))}
        ${this.check(numbers === 'sum', 'Numbers: added up', 'nobody is asked; every step counts once, and a stock can be oversold', (on) => this.change('siblings', { numbers: on ? 'sum' : 'ask' }))}
      </fieldset>
    </section>`;
  }

  private quorum({ quorum }: LabSettings): TemplateResult {
    const flag = (name: 'readRepair' | 'writeBack' | 'sloppy' | 'antiEntropy', words: string, help: string): TemplateResult =>
      this.check(quorum[name], words, help, (on) => this.change('quorum', { [name]: on }));
    return html`<section aria-label="Quorum">
      <h3>Quorum</h3>
      <div class="line">${this.copies('r', 'Replicas that answer a read (R)', quorum.r)} ${this.copies('w', 'Replicas that hold a write (W)', quorum.w)}</div>
      <fieldset><legend>Beside that</legend>
        ${flag('readRepair', 'Read repair', 'a read brings older copies up to date')}
        ${flag('writeBack', 'Write back before a read answers', 'without it, two reads can go back in time')}
        ${flag('sloppy', 'Sloppy quorum, hinted handoff', 'a reachable copy stands in for one that is not: R + W > N promises nothing')}
        ${flag('antiEntropy', 'Anti-entropy', 'copies compare their versions every second')}
      </fieldset>
    </section>`;
  }

  private consensus({ consensus: { localReads } }: LabSettings): TemplateResult {
    return html`<section aria-label="Consensus">
      <h3>Consensus</h3>
      ${this.check(localReads, 'Local reads', 'a read asks nobody and may be stale, by design', (on) => this.change('consensus', { localReads: on }))}
    </section>`;
  }

  private singleLeader({ singleLeader: { replication, promotion } }: LabSettings): TemplateResult {
    return html`<section aria-label="Single leader">
      <h3>Single leader</h3>
      <fieldset><legend>When the leader says yes</legend>
        ${this.radio('singleLeader', 'replication', 'asynchronous', replication, 'At once', 'followers hear later; a promotion can lose what was acknowledged')}
        ${this.radio('singleLeader', 'replication', 'majority', replication, 'When a majority holds it', 'it survives as long as nobody is promoted alone')}
        ${this.radio('singleLeader', 'replication', 'all', replication, 'When all hold it', 'one that is cut off stops every write')}
      </fieldset>
      <fieldset><legend>Who can be promoted</legend>
        ${this.radio('singleLeader', 'promotion', 'anybody', promotion, 'Anybody', 'in a partition each side can have a leader; the older one is rolled back when they meet')}
        ${this.radio('singleLeader', 'promotion', 'majority', promotion, 'Only who reaches a majority', 'a smaller side gets no leader of its own')}
      </fieldset>
    </section>`;
  }

  private check(on: boolean, words: string, help: string, change: (on: boolean) => void): TemplateResult {
    return html`<label class="radio"><input type="checkbox" .checked=${live(on)} @change=${() => change(!on)} /> <span>${words}</span> <span class="quiet small">${help}</span></label>`;
  }

  private radio(part: Part, name: string, value: string, chosen: string, words: string, help: string): TemplateResult {
    return html`<label class="radio">
      <input type="radio" name=${name} value=${value} aria-describedby="${name}-${value}" .checked=${live(value === chosen)} @change=${() => this.change(part, { [name]: value })} />
      <span>${words}</span> <span class="quiet small" id="${name}-${value}">${help}</span>
    </label>`;
  }

  private copies(name: 'r' | 'w', words: string, value: number): TemplateResult {
    return html`<label class="choice">${words} <input class="copies" type="number" min="1" step="1" .value=${live(String(value))}
      @change=${(event: Event) => this.change('quorum', { [name]: (event.target as HTMLInputElement).valueAsNumber })} /></label>`;
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
