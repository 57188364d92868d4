/** Random faults of all kinds at the real relay, with real windows and an unmodified y-websocket client. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { propertyRuns } from '../../../support/run-counts.ts';
import { bend, call, converged, divide, heal, isSaved, type LabWindow, openWindow, reset, roomDocument } from '../../../support/faults-fixture.ts';
import { joinAsApp, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

const names = ['A', 'B', 'C'] as const;
const rate = fc.constantFrom(0, 0, 0, 0.3, 0.6);
const faults = fc.record({
  latencyMs: fc.constantFrom(0, 0, 0, 0, 5, 30),
  jitterMs: fc.constantFrom(0, 0, 0, 20),
  bandwidthKbps: fc.constantFrom(null, null, null, 500),
  dropRate: rate,
  duplicateRate: rate,
  reorderRate: rate,
  cut: fc.nat(9).map((tenth) => tenth === 0),
});
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('edit' as const), times: fc.integer({ min: 1, max: 4 }), who: fc.nat(names.length - 1), removes: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('app-edit' as const), removes: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('bend' as const), name: fc.constantFrom(...names, 'app'), link: fc.record({ online: fc.nat(9).map((tenth) => tenth > 0), upstream: faults, downstream: faults, seed: fc.nat() }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mend' as const), name: fc.constantFrom(...names, 'app') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('divide' as const), places: fc.array(fc.nat(2), { minLength: names.length + 1, maxLength: names.length + 1 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('heal' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), who: fc.nat(names.length - 1) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function carryOut(each: Step, lab: TestLab, windows: readonly LabWindow[], app: Y.Doc, number: number): Promise<void> {
  switch (each.kind) {
    case 'edit': {
      const { replica } = windows[each.who]!;
      for (let left = each.times; left > 0; left--) {
        const text = String(replica.value('crdt', 'notes'));
        replica.perform('notes', each.removes && text !== '' ? { kind: 'splice', index: 0, removed: text.slice(0, 2), inserted: '' } : { kind: 'splice', index: text.length, removed: '', inserted: `${number}` });
        await replica.stored();
      }
      return;
    }
    case 'app-edit':
      if (each.removes) app.getMap('m').delete(`key ${number % 3}`);
      else app.getMap('m').set(`key ${number % 3}`, number);
      return;
    case 'bend': return bend(lab, each.name, each.link);
    case 'mend': return bend(lab, each.name, {});
    case 'divide': return divide(lab, ...[0, 1].map((place) => [...names, 'app'].filter((_, i) => each.places[i] === place)).filter((list) => list.length > 0));
    case 'heal': return heal(lab);
    case 'switch': {
      const { connection } = windows[each.who]!;
      connection.isOnline = !connection.isOnline;
    }
  }
}

/** Whether a document has all items of another one, and all its deletions. */
function holdsAll(room: Y.Doc, doc: Y.Doc): boolean {
  const [has, wanted] = [Y.snapshot(room), Y.snapshot(doc)];
  const items = [...wanted.sv].every(([client, clock]) => (has.sv.get(client) ?? 0) >= clock);
  const deleted = (client: number, from: number, length: number): boolean => Array.from({ length }, (_, i) => Y.createID(client, from + i)).every((id) => Y.isDeleted(has.ds, id));
  return items && [...wanted.ds.clients].every(([client, ranges]) => ranges.every(({ clock, len }) => deleted(client, clock, len)));
}

test('under any faults nothing is shown as saved that the relay lacks, and when they are off all are equal and saved', { timeout: 600_000, tags: ['runs'] }, async () => {
  let [confirmed, faulty] = [0, 0];
  const runs = propertyRuns('link-faults');
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
    const lab = await startLab();
    const windows = [await openWindow(lab, 'A'), await openWindow(lab, 'B'), await openWindow(lab, 'C')];
    const app = joinAsApp(lab, 'lab', new Y.Doc(), { name: 'app' });
    await until(() => app.synced);
    for (const [number, each] of steps.entries()) {
      await carryOut(each, lab, windows, app.doc, number);
      if (each.kind === 'bend') faulty++;
      // A round trip lets what is under way without delay arrive.
      await call(lab, 'GET', '/islands');
      // One process: what a window shows now, the relay had said before.
      const room = await roomDocument(lab);
      for (const window of windows.filter(isSaved)) {
        expect(holdsAll(room, window.doc), `step ${number}: ${window.name} is shown as saved`).toBe(true);
        confirmed++;
      }
    }
    await reset(lab);
    for (const { connection } of windows) connection.isOnline = true;
    await converged(lab, windows, [app]);
    for (const { connection, replica } of windows) {
      connection.close();
      await replica.close();
    }
    app.destroy();
    await lab.close();
  }), { ...runs, endOnFailure: true });
  expect(Math.min(confirmed, faulty)).toBeGreaterThanOrEqual(runs.numRuns / 4);
});
