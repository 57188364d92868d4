/**
 * How long a jump to an earlier moment takes in a history of 10,000 edits: what a window's worker answers. Each part
 * prints what is made once, and then jumps to random moments. Prints figures; judges nothing.
 */
import * as Y from 'yjs';
import { PastStates } from '../shared/analysis/past/past-states.ts';
import { ReplicaPast } from '../shared/analysis/past/replica-past.ts';
import { runWhole } from '../shared/analysis/slices.ts';
import { labSchema } from '../shared/document/schema.ts';
import { type EditRecord, isEdit, type JournalRecord, type StrategyId, strategyIds } from '../shared/history/record.ts';
import type { RoomEvent } from '../shared/history/room-event.ts';
import { SeededRandom } from '../shared/network/seeded-random.ts';
import { LastWriterWins } from '../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../shared/strategies/siblings/siblings.ts';
import { YjsStrategy } from '../shared/strategies/yjs/yjs-strategy.ts';
import { longHistory } from '../test/support/long-history.ts';
import { report, spread, tookMs } from './figures.ts';
import { EditMaker } from './made-edits.ts';

const edits = 10_000;
const jumps = 60;

interface Part {
  readonly records: readonly JournalRecord[];
  readonly events: readonly RoomEvent[];
  readonly doc: Y.Doc | undefined;
  readonly strategies: readonly StrategyId[];
}

export default async function past(): Promise<void> {
  await jump('five strategies, four replicas that go offline', offline());
  await jump('the CRDT, three who edit the lab’s document', together());
}

/** The CRDT's document is no part of made histories. */
function offline(): Part {
  for (let length = 2 * edits; ; length += edits / 2) {
    const { records, events } = longHistory(length);
    const made = records.filter(isEdit).length;
    if (made < edits) continue;
    const strategies = strategyIds.filter((id) => id !== 'crdt');
    return { records, events, doc: undefined, strategies };
  }
}

function together(): Part {
  const crdt = new YjsStrategy(labSchema, new Y.Doc());
  const maker = EditMaker.begin('steady');
  const records = maker.edits(edits, ['A', 'B', 'C']).map((edit): EditRecord => {
    crdt.doc.clientID = 100 + edit.dot.replica.charCodeAt(0);
    return { ...edit, traces: { crdt: crdt.perform(edit).trace } };
  });
  const events = records.map(({ context, dot, wallMs }): RoomEvent => ({ kind: 'arrived', replica: 'A', wallMs, payload: { has: context.with(dot), shows: {} } }));
  return { records, events, doc: crdt.doc, strategies: ['crdt'] };
}

async function jump(name: string, { records, events, doc, strategies }: Part): Promise<void> {
  const [lastWriterWins, siblings] = [new LastWriterWins(labSchema), new Siblings(labSchema)];
  lastWriterWins.takeAll(records);
  siblings.takeAll(records);
  let states: PastStates | undefined;
  const madeMs = await tookMs(() => void (states = runWhole(PastStates.of({ schema: labSchema, records, doc, lastWriterWins, siblings }))));
  const replica = new ReplicaPast('A', records, events);
  const random = new SeededRandom(7);
  const took: number[] = [];
  for (let at = 0; at < jumps; at++) {
    const { wallMs } = random.pick(records);
    took.push(await tookMs(() => void states!.at(replica.at(wallMs), strategies)));
  }
  console.log(`${name}: ${records.filter(isEdit).length} edits of ${records.length} records; made once in ${madeMs.toFixed(0)} ms, first jump ${took[0]!.toFixed(1)} ms`);
  report('a jump', spread(took), 'ms');
}
