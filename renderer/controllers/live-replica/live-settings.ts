/** The room's settings as this window follows them: what runs, how strategies are set, and what the heads of their columns say. */
import { defaultSettings, type LabSettings, type SettingsChange } from '../../../shared/control/lab-settings.ts';
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import type { Replica } from '../../../shared/replica/replica.ts';
import type { StrategySet } from '../../../shared/strategies/strategy-set.ts';
import type { LabClient } from '../../platform/lab-client.ts';
import { strategyNote } from '../../../shared/strategies/registry.ts';
import type { WindowColumns } from '../window-columns.ts';

export interface LiveSettingsOptions {
  readonly replica: Pick<Replica, 'id' | 'members' | 'enable'>;
  readonly strategies: Pick<StrategySet, 'configure'>;
  readonly columns: Pick<WindowColumns, 'follow'>;
  readonly lab: Pick<LabClient, 'putSettings' | 'emptyRoom'>;
  readonly leader: () => string | null;
  /** Called when the lab did not answer. */
  readonly changed: () => void;
}

export class LiveSettings {
  current: LabSettings = defaultSettings;
  /** That the lab did not answer; it stays until the lab is heard of again. */
  trouble: string | null = null;

  constructor(private readonly options: LiveSettingsOptions) {}

  /** The lab has told the settings. */
  follow(settings: LabSettings): void {
    const { columns, strategies, replica } = this.options;
    this.trouble = null;
    this.current = settings;
    columns.follow(settings);
    strategies.configure(settings);
    replica.enable(settings.enabled);
  }

  async put(change: SettingsChange): Promise<void> {
    await this.options.lab.putSettings(change);
  }

  async emptyRoom(): Promise<void> {
    await this.options.lab.emptyRoom().catch((error: unknown) => {
      this.trouble = errorText(error);
      this.options.changed();
    });
  }

  note(strategy: StrategyId): string {
    const { replica: { id: name, members }, leader } = this.options;
    return strategyNote(strategy, this.current, { self: name, members, leader: leader() });
  }
}
