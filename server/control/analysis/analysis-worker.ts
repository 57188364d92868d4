/** The thread for long histories: it keeps the records of rooms that it is asked about, and answers one question after the other. */
import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { errorText } from '../../../shared/encoding/error-text.ts';
import { inCausalOrder } from '../../../shared/history/causal-order.ts';
import { decodeRecord } from '../../../shared/history/record-codec.ts';
import type { JournalRecord } from '../../../shared/history/record.ts';
import { type Asked, type Found, type FromThread, type ToThread, unpackedRecords } from './analysis-messages.ts';
import { finalReadsOf, judgeOf, replicationIn, reportIn, type RoomHistory, roomTotals, seriesIn } from '../../../shared/control/analysis/room-findings.ts';

const rooms = new Map<string, JournalRecord[]>();

function recordsOf(room: string): JournalRecord[] {
  let records = rooms.get(room);
  if (!records) rooms.set(room, (records = []));
  return records;
}

function historyOf(room: string, document: Uint8Array): RoomHistory {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, document);
  return { records: inCausalOrder(recordsOf(room)), doc };
}

function foundIn(history: RoomHistory, asked: Asked): Found {
  switch (asked.kind) {
    case 'totals': return roomTotals(history, asked.question);
    case 'replication': return replicationIn(history, asked.question);
    case 'series': return seriesIn(history, asked.question);
    case 'report': return reportIn(history, asked.question);
    case 'verdicts': return judgeOf(history, asked.question)(asked.question.settings.enabled);
    case 'final-reads': return finalReadsOf(history, asked.question);
  }
}

function answerTo(message: Extract<ToThread, { number: number }>): FromThread {
  const { number, room, document } = message;
  try {
    const history = historyOf(room, document);
    return { number, found: foundIn(history, message) };
  } catch (error) {
    return { number, trouble: errorText(error) };
  }
}

parentPort!.on('message', (message: ToThread) => {
  if (message.kind === 'forget') rooms.delete(message.room);
  else if (message.kind === 'records') for (const bytes of unpackedRecords(message.records)) recordsOf(message.room).push(decodeRecord(bytes));
  else parentPort!.postMessage(answerTo(message));
});
