import { expect, test } from 'vitest';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { decodeRecord, encodeRecord } from '../../../../shared/history/record-codec.ts';
import { connectRaw, connectReplica, encodedRecords, type RawClient, record, startLab, until } from '../../../support/lab-fixture.ts';

/** Names of all records that a client was sent, in order. */
function received(client: RawClient): string[] {
  return client.messages().flatMap((message) => (message.kind === 'records' ? message.records : [])).map((bytes) => {
    const { dot } = decodeRecord(bytes);
    return `${dot.replica}:${dot.counter}`;
  });
}

test('records of one replica reach the others that said hello, and not their author or an app', async () => {
  const lab = await startLab();
  const [a, b, app] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B'), await connectRaw(lab, '/lab')];
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => received(b).length === 2);
  await until(() => a.last('saved')?.summary.get('A') === 2);
  expect(received(b)).toEqual(['A:1', 'A:2']);
  expect(received(a)).toEqual([]);
  expect(app.frames).toEqual([]);
});

test('after hello a replica gets just the records that its summary lacks, each after all that its author had seen', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1), record('A', 2, { C: 2 }), record('C', 1, { A: 1 }), record('C', 2, { A: 1 }), record('B', 1, { A: 2, C: 2 })));
  await until(() => a.last('saved')?.summary.size === 5);
  const late = await connectReplica(lab, 'lab', 'D', { summary: VersionVector.of([['A', 1]]) });
  await until(() => received(late).length === 4);
  expect(received(late)).toEqual(['C:1', 'C:2', 'A:2', 'B:1']);
  expect(late.last('welcome')?.summary.toString()).toBe('{A:2 B:1 C:2}');
});

test('a replica that knows more than a relay that lost its data brings records of others too', async () => {
  const lab = await startLab();
  const b = await connectReplica(lab, 'lab', 'B', { summary: VersionVector.of([['A', 2], ['B', 1]]) });
  expect(b.last('welcome')?.summary.size).toBe(0);
  b.say(encodedRecords(record('A', 1), record('A', 2), record('B', 1)));
  await until(() => b.last('saved')?.summary.toString() === '{A:2 B:1}');
});

test('the same record twice is taken once', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  a.say(encodedRecords(record('A', 1), record('A', 1)));
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => received(b).length === 2);
  expect(received(b)).toEqual(['A:1', 'A:2']);
});

test('a long history comes in several frames and whole', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say({ kind: 'records', records: Array.from({ length: 400 }, (_, i) => encodeRecord(record('A', i + 1, {}, 'x'.repeat(2_000)))) });
  await until(() => a.last('saved')?.summary.get('A') === 400);
  const b = await connectReplica(lab, 'lab', 'B');
  await until(() => received(b).length === 400);
  expect(b.messages().filter((message) => message.kind === 'records').length).toBeGreaterThan(2);
});

test('hello is answered with what is saved, even when nothing new comes', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
  const again = await connectReplica(lab, 'lab', 'A', { summary: VersionVector.of([['A', 1]]) });
  await until(() => again.last('saved')?.summary.get('A') === 1);
});

test('a gap closes with 4400, and nothing of that message is taken', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('B', 1), record('A', 2)));
  expect(await a.closed).toEqual({ code: 4400, reason: 'record A:2 came, A:1 was expected' });
  expect((await connectReplica(lab, 'lab', 'B')).last('welcome')?.summary.size).toBe(0);
});

test('a record that contradicts a stored one of the same name closes with 4409', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A');
  a.say(encodedRecords(record('A', 1)));
  a.say(encodedRecords(record('A', 1, {}, 'something else'), record('A', 2)));
  expect(await a.closed).toEqual({ code: 4409, reason: 'another record A:1 is stored here already' });
  expect((await connectReplica(lab, 'lab', 'A')).last('welcome')?.summary.toString()).toBe('{A:1}');
});

test('records before hello, a hello of a second replica and messages that only the relay sends close with 4400', async () => {
  const lab = await startLab();
  const early = await connectRaw(lab, '/lab');
  early.say(encodedRecords(record('A', 1)));
  expect(await early.closed).toMatchObject({ code: 4400, reason: expect.stringContaining('before hello') });
  const twice = await connectReplica(lab, 'lab', 'A');
  twice.say({ kind: 'hello', version: 1, replica: 'B', instance: 'copy-of-B', summary: VersionVector.empty });
  expect(await twice.closed).toEqual({ code: 4400, reason: 'malformed message: a second hello, of B after A' });
  const relayLike = await connectReplica(lab, 'lab', 'A');
  relayLike.say({ kind: 'saved', summary: VersionVector.empty, yjsFrames: 1 });
  expect(await relayLike.closed).toMatchObject({ code: 4400 });
});

test('who says hello again hears everything again: welcome, what the new summary lacks, saved and roster', async () => {
  const lab = await startLab();
  const [a, b] = [await connectReplica(lab, 'lab', 'A'), await connectReplica(lab, 'lab', 'B')];
  a.say(encodedRecords(record('A', 1), record('A', 2)));
  await until(() => received(b).length === 2);
  await until(() => b.last('roster')?.members.length === 1);
  const before = b.messages().length;
  b.say({ kind: 'hello', version: 1, replica: 'B', instance: 'copy-of-B', summary: VersionVector.of([['A', 1]]) });
  const anew = (): string[] => b.messages().slice(before).map(({ kind }) => kind);
  await until(() => anew().length === 4);
  expect(anew().sort()).toEqual(['records', 'roster', 'saved', 'welcome']);
  expect(received(b)).toEqual(['A:1', 'A:2', 'A:2']);
});

test('another version of the protocol is refused with 4426', async () => {
  const lab = await startLab();
  const client = await connectRaw(lab, '/lab');
  client.say({ kind: 'hello', version: 2, replica: 'A', instance: 'a', summary: VersionVector.empty });
  expect(await client.closed).toEqual({ code: 4426, reason: 'protocol version 2 was asked for; this relay speaks 1' });
});

test('of two windows of one replica the newer one stays', async () => {
  const lab = await startLab();
  const old = await connectReplica(lab, 'lab', 'A');
  const fresh = await connectReplica(lab, 'lab', 'A');
  expect(await old.closed).toEqual({ code: 4409, reason: 'Replica A was opened somewhere else' });
  fresh.say(encodedRecords(record('A', 1)));
  await until(() => fresh.last('saved')?.summary.get('A') === 1);
});

test('a copy of a replica with other data is refused, and the one that is there stays', async () => {
  const lab = await startLab();
  const a = await connectReplica(lab, 'lab', 'A', { instance: 'first' });
  const copy = await connectRaw(lab, '/lab');
  copy.say({ kind: 'hello', version: 1, replica: 'A', instance: 'second', summary: VersionVector.empty });
  expect(await copy.closed).toEqual({ code: 4409, reason: 'Replica A belongs to another copy of its data' });
  expect(copy.last('welcome')).toBeUndefined();
  a.say(encodedRecords(record('A', 1)));
  await until(() => a.last('saved')?.summary.get('A') === 1);
});
