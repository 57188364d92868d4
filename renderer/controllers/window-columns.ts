/**
 * The columns of one window: those that are on stage in the room, or others that a person chose in this window.
 *
 * Guarantees: whatever is put on stage is what the window shows next. A choice of this window holds until then, and again after a scenario that has been left
 * (unless other columns were chosen here meanwhile).
 */
import { defaultColumns, type LabSettings } from '../../shared/control/lab-settings.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';

interface Choice {
  readonly columns: readonly StrategyId[];
  /** When the columns were put on stage that it is, or that it was made over. */
  readonly sinceMs: number;
}

export interface WindowColumnsOptions {
  /** What this window remembered last, as text. */
  readonly stage?: string | undefined;
  readonly own?: string | undefined;
  /** An empty text: there is nothing to remember any more. */
  readonly remember: (setting: 'stage' | 'columns', text: string) => void;
}

export class WindowColumns {
  private stage: Choice;
  private own: Choice | null;

  constructor(private readonly options: WindowColumnsOptions) {
    this.stage = choiceIn(options.stage ?? '') ?? { columns: defaultColumns, sinceMs: 0 };
    this.own = choiceIn(options.own ?? '');
  }

  /** In the order of the strategies; at least one. */
  get shown(): readonly StrategyId[] {
    return this.own?.sinceMs === this.stage.sinceMs ? this.own.columns : this.stage.columns;
  }

  /** Shows or hides one column in this window. The last one stays. */
  show(strategy: StrategyId, shown: boolean): void {
    const columns = strategyIds.filter((id) => (id === strategy ? shown : this.shown.includes(id)));
    if (columns.length > 0) this.choose({ columns, sinceMs: this.stage.sinceMs });
  }

  /** Takes what the room has on stage. */
  follow({ columns, columnsSinceMs: sinceMs, schema }: Pick<LabSettings, 'columns' | 'columnsSinceMs' | 'schema'>): void {
    if (sinceMs !== this.stage.sinceMs) {
      this.stage = { columns: strategyIds.filter((id) => columns.includes(id)), sinceMs };
      this.options.remember('stage', choiceText(this.stage));
    }
    if (schema === null && this.own !== null && this.own.sinceMs !== sinceMs) this.choose(null);
  }

  private choose(own: Choice | null): void {
    this.own = own;
    this.options.remember('columns', own === null ? '' : choiceText(own));
  }
}

function choiceText({ columns, sinceMs }: Choice): string {
  return `${columns.join(' ')} ${sinceMs}`;
}

/** Windows of earlier versions remembered the columns alone: nobody had put any on stage. */
function choiceIn(text: string): Choice | null {
  const words = text.split(' ');
  const columns = strategyIds.filter((id) => words.includes(id));
  const sinceMs = Number(words.at(-1));
  return columns.length === 0 ? null : { columns, sinceMs: Number.isSafeInteger(sinceMs) ? sinceMs : 0 };
}
