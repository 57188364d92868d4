/**
 * A person who reads somewhere else: asks another replica for what it shows, as its strategies read, and notes what they were told.
 *
 * Guarantees: a read that was answered stands in the journal with the time that it took; one that was not leaves no trace. Does not guarantee an answer from
 * every strategy: one that cannot read now says why.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { ReplicaId } from '../clocks/dot.ts';
import type { VersionVector } from '../clocks/version-vector.ts';
import type { FieldId, Schema } from '../document/schema.ts';
import { readPlain } from '../encoding/read-plain.ts';
import { readWhole } from '../encoding/read-whole.ts';
import type { RefusedRead, Seen, StrategyId } from '../history/record.ts';
import { parseRead, plainRead, type ReadParts } from '../history/record-parts.ts';
import { writeWhole } from '../encoding/write-whole.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadAnswer } from '../strategies/coordinated-strategy.ts';

export interface RemoteReadsOptions {
  readonly self: ReplicaId;
  readonly schema: Schema;
  readonly clock: Clock;
  strategies(): readonly StrategyId[];
  had(): VersionVector;
  read(strategy: StrategyId, field: FieldId, callback: (answer: ReadAnswer) => void): void;
  reaches(peer: ReplicaId): boolean;
  send(peer: ReplicaId, channel: 'read' | 'values', payload: Uint8Array): void;
  note(read: ReadParts): void;
}

interface Question {
  readonly peer: ReplicaId;
  readonly askedMs: number;
  readonly answered: (parts: ReadParts) => void;
}

/** How long strategies may take to answer, and how much longer the question waits, in milliseconds. */
const answerMsMax = 4_000;
const travelMs = 2_000;

export class RemoteReads {
  private readonly questions = new Map<number, Question>();
  private asked = 0;

  constructor(private readonly options: RemoteReadsOptions) {}

  /** Reads all fields under all strategies at a replica, and notes it. Rejects with one sentence when there is no answer. */
  async readFrom(peer: ReplicaId): Promise<readonly Seen[]> {
    const { clock, self } = this.options;
    const askedMs = clock.nowMs();
    const { had, seen, refused } = await (peer === self ? this.look() : this.ask(peer, askedMs));
    const tookMs = Math.max(0, Math.round(clock.nowMs() - askedMs));
    // The way there and back: what is left of the time when the slowest strategy had answered.
    const awayMs = Math.max(0, tookMs - seen.reduce((most, { answerMs = 0 }) => Math.max(most, answerMs), 0));
    const told = seen.map((each) => ({ ...each, tookMs, answerMs: awayMs + (each.answerMs ?? 0) }));
    this.options.note({ readAt: peer, had, seen: told, ...(refused ? { refused } : {}) });
    return told;
  }

  /** Hears another replica. Throws a RangeError, with nothing changed, at what is malformed; what was not asked for is ignored. */
  hear(peer: ReplicaId, channel: 'read' | 'values', payload: Uint8Array): void {
    const { id, parts } = readWhole(payload, 'a read', (decoder) => ({ id: decoding.readVarUint(decoder), parts: channel === 'values' ? (readPlain(decoder) as unknown) : null }));
    if (channel === 'read') {
      void this.look().then((answer) => this.options.send(peer, 'values', encoded(id, answer)));
      return;
    }
    const question = this.questions.get(id);
    if (question?.peer === peer) question.answered(parseRead((parts ?? {}) as Record<string, unknown>));
  }

  private ask(peer: ReplicaId, askedMs: number): Promise<ReadParts> {
    const { reaches, send, clock } = this.options;
    if (!reaches(peer)) return Promise.reject(new Error(`${peer} cannot be reached from here`));
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      const cancel = clock.after(answerMsMax + travelMs, () => {
        this.questions.delete(id);
        reject(new Error(`${peer} did not answer`));
      });
      const answered = (parts: ReadParts): void => {
        cancel();
        this.questions.delete(id);
        resolve(parts);
      };
      this.questions.set(id, { peer, askedMs, answered });
      send(peer, 'read', encoded(id, null));
    });
  }

  /** What is to be read here now. */
  private look(): Promise<ReadParts> {
    const { schema, strategies, had, read, clock, self } = this.options;
    const seen: Seen[] = [];
    const refused: RefusedRead[] = [];
    const askedMs = clock.nowMs();
    return new Promise((resolve) => {
      const wanted = strategies().flatMap((strategy) => schema.map(({ id }) => [strategy, id] as const));
      const waiting = new Set(wanted);
      const end = (): void => {
        cancel();
        for (const [strategy, field] of waiting) refused.push({ field, strategy, reason: `no answer within ${answerMsMax / 1_000} s` });
        resolve({ readAt: self, had: had(), seen: [...seen], ...(refused.length > 0 ? { refused: [...refused] } : {}) });
      };
      const cancel = clock.after(answerMsMax, end);
      for (const each of wanted) {
        const [strategy, field] = each;
        read(strategy, field, (answer) => {
          const answerMs = Math.max(0, Math.round(clock.nowMs() - askedMs));
          if (answer.outcome === 'read') seen.push({ field, strategy, value: answer.value, last: answer.last, tookMs: answerMs, answerMs });
          else refused.push({ field, strategy, reason: answer.reason });
          if (waiting.delete(each) && waiting.size === 0) end();
        });
      }
    });
  }
}

function encoded(id: number, parts: ReadParts | null): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, id);
    if (parts) encoding.writeAny(encoder, plainRead(parts) as never);
  });
}
