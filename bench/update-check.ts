/** What it costs to know that an update may be passed on before it is integrated, beside what integrating costs. */
import * as Y from 'yjs';
import { readPlainUpdate } from '../shared/relay/document/plain-update.ts';
import { RoomDocument } from '../shared/relay/document/room-document.ts';
import { type Figures, spread, tookMs } from './figures.ts';
import type { RealDocument } from './relay-loads.ts';

const turns = 5;

/** Microseconds an update, each the median of some turns over all real edits. */
export async function updateCheck({ updates, whole }: RealDocument): Promise<Figures> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, whole);
  // As a room looks it up.
  const isUnderKey = (client: number, clock: number): boolean => (Y.getItem(doc.store, Y.createID(client, clock)) as Y.Item).parentSub !== null;
  const contestants: Record<string, () => void> = {
    /** Looked at as a room does; what the clocks are is known from the updates themselves. */
    checkUs() {
      const clocks = new Map<number, number>();
      const clockOf = (client: number): number => clocks.get(client) ?? 0;
      for (const update of updates) {
        const plain = readPlainUpdate(update, clockOf, isUnderKey);
        if (!plain) throw new Error('a real edit was not plain');
        for (const [client, clock] of plain.reached) clocks.set(client, clock);
      }
    },
    decodeUs() {
      for (const update of updates) Y.decodeUpdate(update);
    },
    roomUs() {
      const room = new RoomDocument();
      for (const update of updates) {
        room.apply(update);
        if (room.isBehind) room.catchUp();
      }
      room.catchUp();
      room.destroy();
    },
    oneByOneUs() {
      const doc = new Y.Doc();
      for (const update of updates) Y.applyUpdate(doc, update);
      doc.destroy();
    },
  };
  const found: Record<string, number[]> = {};
  for (let turn = 0; turn < turns; turn++) for (const [name, run] of Object.entries(contestants)) (found[name] ??= []).push(((await tookMs(run)) * 1_000) / updates.length);
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, spread(values).median]));
}
