/**
 * Clients on a slow line, with documents and edits that take many times as long as the relay waits for an answer to a ping. In
 * these tests all is ten times as fast: with the usual 15 s between pings the line would carry 0.2 MB/s.
 */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { atEnd, joinAsApp, startLab, type TestLab, until } from '../../../support/lab-fixture.ts';
import { slowness } from '../../../support/machine-speed.ts';
import { openSlowLine } from '../../../support/slow-line.ts';
import { until as waitUntil } from '../../../support/until.ts';

/** Far less than the document takes, also on a slow machine, whose clients answer later. */
const pingMs = Math.round(1_500 * Math.min(2, slowness()));
const bytesPerSecond = 2_000_000;

/** So many bytes of a text that no two parts of are equal. */
function textOf(bytes: number): string {
  return Array.from({ length: bytes / 10 }, (_, i) => String(i).padStart(10, '.')).join('');
}

async function startSlowly(): Promise<{ lab: TestLab; slow: { ws: string }; ended: string[] }> {
  const lab = await startLab({ pingMs });
  const line = await openSlowLine(lab.port, bytesPerSecond);
  atEnd(() => line.close());
  const ended: string[] = [];
  lab.relay.onEvent((event) => event.kind === 'session-ended' && ended.push(`${event.session}: ${event.code} ${event.reason}`));
  return { lab, slow: line, ended };
}

test('a large document reaches a slow reader in pieces, and presence and edits of others come in between or after', { timeout: 60_000 }, async () => {
  const { lab, slow, ended } = await startSlowly();
  const author = joinAsApp(lab, 'lab', undefined, { name: 'author' });
  await until(() => author.synced);
  author.doc.getText('t').insert(0, textOf(14_000_000));
  const lease = await lab.relay.lease('lab');
  atEnd(() => lease.release());
  await until(() => lease.room.document.bytesAtMost > 14_000_000);
  const reader = joinAsApp(slow, 'lab', undefined, { name: 'reader' });
  const first = await new Promise<{ length: number; synced: boolean }>((resolve) => {
    reader.doc.once('update', () => resolve({ length: reader.doc.getText('t').length, synced: reader.synced }));
  });
  expect(first.length).toBeLessThan(7_000_000);
  expect(first.synced).toBe(false);
  author.doc.getText('t').insert(0, 'first ');
  author.doc.getMap('m').set('meanwhile', true);
  await waitUntil(() => reader.synced, 'the reader is synced', { withinMs: 30_000 });
  expect(reader.doc.getText('t').toString() === author.doc.getText('t').toString()).toBe(true);
  expect(reader.doc.getMap('m').get('meanwhile')).toBe(true);
  author.doc.getText('t').insert(0, 'last ');
  await until(() => reader.doc.getText('t').toString().startsWith('last first '));
  expect(ended).toEqual([]);
});

test('a long message from a client on a slow line is taken; it is not mistaken for a dead one', { timeout: 60_000 }, async () => {
  const { lab, slow, ended } = await startSlowly();
  const doc = new Y.Doc();
  doc.getText('t').insert(0, textOf(12_000_000));
  const writer = joinAsApp(slow, 'lab', doc, { name: 'writer' });
  const reader = joinAsApp(lab, 'lab', undefined, { name: 'reader' });
  await until(() => writer.wsconnected && reader.synced);
  await waitUntil(() => reader.doc.getText('t').length === 12_000_000, 'the text has come', { withinMs: 30_000 });
  expect(ended).toEqual([]);
});

test('an edit of several megabytes reaches a slow reader in pieces', { timeout: 60_000 }, async () => {
  const { lab, slow, ended } = await startSlowly();
  const author = joinAsApp(lab, 'lab', undefined, { name: 'author' });
  const reader = joinAsApp(slow, 'lab', undefined, { name: 'reader' });
  await until(() => author.synced && reader.synced);
  const seen: number[] = [];
  reader.doc.on('update', () => seen.push(reader.doc.getText('t').length));
  author.doc.getText('t').insert(0, textOf(4_000_000));
  await until(() => reader.doc.getText('t').length === 4_000_000);
  expect(seen.length).toBeGreaterThan(5);
  expect(ended).toEqual([]);
});
