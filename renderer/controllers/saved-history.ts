/** A saved history, as the control room shows it. Answers come from a worker; no relay is asked. */
import type { ReplicationSeries } from '../../shared/analysis/replication/replication-series.ts';
import type { ReplicaId } from '../../shared/clocks/dot.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import type { FromHistory, HistoryQuestion, OpenedHistory, ToHistory } from './history-service.ts';
import type { PastTableView } from './window-past.ts';

export interface HistoryLine {
  send(message: ToHistory): void;
  close(): void;
}

export type OpenHistoryLine = (received: (message: FromHistory | { readonly kind: 'trouble'; readonly trouble: string }) => void) => HistoryLine;

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class SavedHistory {
  private readonly line: HistoryLine;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private opened: OpenedHistory | null = null;

  private constructor(readonly name: string, openLine: OpenHistoryLine) {
    this.line = openLine((message) => this.receive(message));
  }

  /** Rejects with an Error of one line where the text is no history. */
  static async open(name: string, text: string, openLine: OpenHistoryLine): Promise<SavedHistory> {
    const saved = new SavedHistory(name, openLine);
    try {
      saved.opened = await saved.ask<OpenedHistory>({ kind: 'open', name, text });
      return saved;
    } catch (error) {
      saved.close();
      throw error;
    }
  }

  /** What there is to show. */
  get content(): OpenedHistory {
    if (!this.opened) throw new Error('the history is not open yet');
    return this.opened;
  }

  replicationSeries(strategy: StrategyId): Promise<ReplicationSeries> {
    return this.ask({ kind: 'series', strategy });
  }

  /** As one HTML file. */
  report(): Promise<string> {
    return this.ask({ kind: 'report' });
  }

  /** What a replica showed under all strategies. */
  lookBack(replica: ReplicaId, atMs: number): Promise<PastTableView> {
    return this.ask({ kind: 'past', replica, atMs });
  }

  close(): void {
    this.line.close();
  }

  private ask<Answer>(question: HistoryQuestion): Promise<Answer> {
    const id = ++this.asked;
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.line.send({ id, question });
    });
  }

  private receive(message: FromHistory | { readonly kind: 'trouble'; readonly trouble: string }): void {
    if (message.kind === 'trouble') {
      for (const { reject } of this.waiting.values()) reject(new Error(message.trouble));
      return this.waiting.clear();
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.answer as never);
    else waiting?.reject(new Error(message.reason));
  }
}
