/** What a person reads at a replica, this one or another. */
import { errorText } from '../../../shared/encoding/error-text.ts';
import type { Replica } from '../../../shared/replica/replica.ts';
import type { LastRead } from '../replica-model.ts';

export interface LiveReadsOptions {
  readonly replica: Pick<Replica, 'readFrom'>;
  readonly changed: () => void;
}

export class LiveReads {
  private read: LastRead | null = null;

  constructor(private readonly options: LiveReadsOptions) {}

  get last(): LastRead | null {
    return this.read;
  }

  async from(replica: string): Promise<void> {
    this.show({ at: replica, seen: null, problem: null });
    this.show(await this.options.replica.readFrom(replica).then((seen) => ({ at: replica, seen, problem: null }), (error: unknown) => ({ at: replica, seen: null, problem: errorText(error) })));
  }

  forget(): void {
    this.show(null);
  }

  private show(read: LastRead | null): void {
    this.read = read;
    this.options.changed();
  }
}
