/** Long histories are gone through in a thread: it finds what the relay itself would. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EditRecord } from '../../../../shared/history/record.ts';
import { bundleProgram, programFolder } from '../../../support/bundled-program.ts';
import { connectReplica, encodedRecords, record, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';

let folder: string;
let program: URL;
beforeAll(async () => {
  folder = await programFolder('rejoin-analysis');
  const file = join(folder, 'analysis-worker.mjs');
  await bundleProgram('server/control/analysis/analysis-worker.ts', file);
  program = pathToFileURL(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function edit(replica: string, counter: number, context: Record<string, number> = {}): EditRecord {
  return { ...record(replica, counter, context), traces: { 'last-writer-wins': { outcome: 'accepted', details: [0, { title: counter === 1 ? '' : `${replica}:${counter - 1}` }] }, consensus: { outcome: 'pending' } } };
}

/** Two replicas that had not seen each other; more records than the relay goes through itself. */
async function fill(lab: TestLab): Promise<void> {
  for (const [replica, count] of [['A', 2_500], ['B', 300]] as const) {
    const author = await connectReplica(lab, 'lab', replica);
    for (let first = 1; first <= count; first += 100) author.say(encodedRecords(...Array.from({ length: 100 }, (_, i) => edit(replica, first + i))));
    await until(() => author.last('saved')?.summary.get(replica) === count);
  }
}

async function told(lab: TestLab, what: string): Promise<unknown> {
  return (await fetch(`${lab.url}/-/api/rooms/lab${what}`)).json();
}

interface Total {
  readonly strategy: string;
  readonly edits: number;
}

const editsOf = (totals: unknown): number | undefined => (totals as Total[]).find(({ strategy }) => strategy === 'last-writer-wins')?.edits;

test('totals and verdicts of a long history are those that the relay would find, and a first look has them', async () => {
  const [inThread, here] = [await startLab({ analysisProgram: program }), await startLab()];
  await Promise.all([fill(inThread), fill(here)]);
  const first = (await told(inThread, '')) as { totals: Total[] };
  expect(editsOf(first.totals)).toBe(2_800);
  expect(await told(inThread, '/scorecard')).toEqual(await told(here, '/scorecard'));
  expect(await told(inThread, '/verdicts')).toEqual(await told(here, '/verdicts'));
  const seriesOf = async (lab: TestLab) => ({ ...((await told(lab, '/replication/series?strategy=last-writer-wins')) as object), fromMs: 0, untilMs: 0 });
  const reportOf = async (lab: TestLab) => (await (await fetch(`${lab.url}/-/api/rooms/lab/report`)).text()).replace(/\d+-\d+-\d+ \d+:\d+ UTC/, '');
  expect(await reportOf(inThread)).toBe(await reportOf(here));
  expect(await seriesOf(inThread)).toEqual(await seriesOf(here));
  expect(inThread.lines).toEqual([]);
});

test('after more edits it counts them too; of a room that was emptied it forgets all', async () => {
  const lab = await startLab({ analysisProgram: program });
  await fill(lab);
  expect(editsOf(await told(lab, '/scorecard'))).toBe(2_800);
  const c = await connectReplica(lab, 'lab', 'C');
  c.say(encodedRecords(edit('C', 1, { A: 2_500 })));
  await until(() => c.last('saved')?.summary.get('C') === 1);
  expect(editsOf(await told(lab, '/scorecard'))).toBe(2_801);
  expect((await fetch(`${lab.url}/-/api/rooms/lab`, { method: 'DELETE' })).status).toBe(204);
  await fill(lab);
  expect(editsOf(await told(lab, '/scorecard'))).toBe(2_800);
  expect(lab.lines).toEqual([]);
});

test('a lab that ends while the thread is at work says nothing of it; where the thread cannot start, one line does', async () => {
  const lab = await startLab({ analysisProgram: program });
  await fill(lab);
  const asked = told(lab, '').catch(() => null);
  await lab.close();
  await asked;
  expect(lab.lines).toEqual([]);
  const without = await startLab({ analysisProgram: new URL('missing.mjs', program) });
  await fill(without);
  expect(((await told(without, '')) as { totals: Total[] }).totals).toEqual([]);
  expect(without.lines.filter((line) => line.startsWith('room lab: the scorecard cannot be computed: '))).toHaveLength(1);
});
