import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeRecord } from '../../../../shared/history/record-codec.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { checkedPayload, withChecksum } from '../../../../shared/relay/storage/checked-value.ts';
import { crc32 } from '../../../../shared/relay/storage/crc32.ts';
import { keyFromBytes, keyToBytes } from '../../../../shared/relay/storage/key-bytes.ts';
import { connectReplica, documentOf, encodedRecords, joinAsApp, record, startLab, until, updateOf, syncFrame, connectRaw } from '../../../support/lab-fixture.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the checksum is CRC-32 of IEEE 802.3', () => {
  expect(crc32(bytes('123456789'))).toBe(0xcbf43926);
  expect(crc32(bytes('1234'), bytes('56789'))).toBe(0xcbf43926);
});

test('a value is known as damaged when any one byte of it changed, when it is cut short, or when it stands under another key', () => {
  const value = withChecksum('key', bytes('payload'));
  expect(checkedPayload('key', value)).toEqual(bytes('payload'));
  for (let i = 0; i < value.length; i++) {
    const damaged = value.slice();
    damaged[i]! ^= 1;
    expect(() => checkedPayload('key', damaged)).toThrow(RangeError);
    expect(() => checkedPayload('key', value.subarray(0, i))).toThrow(RangeError);
  }
  expect(() => checkedPayload('other', value)).toThrow('its checksum does not match');
});

test('keys survive the way to bytes and back, lone surrogates too', () => {
  for (const key of ['', 'room/lab/update/000001', 'é', '\u{1f600}', '\ud83d', '\uffff']) expect(keyFromBytes(keyToBytes(key))).toBe(key);
});

/** A room with a document of two edits and four records, as its store holds it. */
async function storedRoom(): Promise<Map<string, Uint8Array>> {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const a = await connectReplica(lab, 'lab', 'A');
  a.send(syncFrame(2, updateOf('one', '1')));
  a.say(encodedRecords(record('A', 1), record('A', 2), record('A', 3), record('A', 4)));
  await until(() => a.last('saved')?.yjsFrames === 1 && a.last('saved')?.summary.get('A') === 4);
  await lab.close();
  return disk;
}

function damage(disk: Map<string, Uint8Array>, part: string): string {
  const key = [...disk.keys()].find((each) => each.includes(part))!;
  disk.get(key)![5]! ^= 0xff;
  return key;
}

test('a damaged record is reported and skipped; those before it count, those after it wait until a replica brings it back', async () => {
  const disk = await storedRoom();
  const key = damage(disk, 'record/A/000000000003');
  const lab = await startLab({ store: new MemoryStore(disk) });
  const b = await connectReplica(lab, 'lab', 'B');
  expect(b.last('welcome')?.summary.toString()).toBe('{A:2}');
  expect(lab.lines).toEqual([`room lab: ${key} in the store is damaged and was skipped: its checksum does not match`, 'room lab: records of A after A:2 wait until a replica brings A:3 back']);
  b.say(encodedRecords(record('A', 3), record('A', 4)));
  await until(() => b.last('saved')?.summary.get('A') === 4);
});

test('a damaged update is reported and skipped; the replica that has it brings it back', async () => {
  const disk = await storedRoom();
  damage(disk, 'update/');
  const lab = await startLab({ store: new MemoryStore(disk) });
  expect((await documentOf(lab, 'lab')).map).toEqual({});
  expect(lab.lines).toHaveLength(1);
  const doc = new Y.Doc();
  doc.getMap('map').set('one', '1');
  joinAsApp(lab, 'lab', doc);
  await until(async () => (await documentOf(lab, 'lab')).map['one'] === '1');
});

test('an update whose checksum is right but which Yjs cannot read is reported and skipped', async () => {
  const disk = await storedRoom();
  const key = 'room/lab/update/000000000099';
  disk.set(key, withChecksum(key, Uint8Array.of(1, 2, 3)));
  const lab = await startLab({ store: new MemoryStore(disk) });
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
  expect(lab.lines).toEqual(['room lab: a stored update is malformed and was skipped']);
});

test.each(['meta/epoch', 'meta/instance/A'])('a damaged %s is reported and does not stop the room', async (part) => {
  const disk = await storedRoom();
  damage(disk, part);
  const lab = await startLab({ store: new MemoryStore(disk) });
  expect((await documentOf(lab, 'lab')).map).toEqual({ one: '1' });
  expect(lab.lines).toHaveLength(1);
  expect(lab.lines[0]).toContain(part);
});

test('every single damaged value, and every value cut short, leaves a room that works', { timeout: 60_000 }, async () => {
  const disk = await storedRoom();
  for (const key of disk.keys()) {
    for (const change of [(value: Uint8Array) => value.map((byte) => byte ^ 0x55), (value: Uint8Array) => value.slice(0, value.length >> 1), () => new Uint8Array(0)]) {
      const damaged = new Map(disk);
      damaged.set(key, change(disk.get(key)!));
      const lab = await startLab({ store: new MemoryStore(damaged) });
      const app = joinAsApp(lab, 'lab');
      await until(() => app.synced);
      expect(lab.lines.length).toBeGreaterThan(0);
      app.destroy();
      await lab.close();
    }
  }
});

test('many stored updates become one when the room is loaded, and the document stays the same', async () => {
  const disk = new Map<string, Uint8Array>();
  const first = await startLab({ store: new MemoryStore(disk) });
  const client = await connectRaw(first, '/lab');
  // Some by themselves and some together.
  for (let i = 0; i < 20; i++) {
    client.send(syncFrame(2, updateOf(`key${i}`, 'value')));
    if (i < 5) await until(() => updateKeys(disk).length === i + 1);
  }
  await until(async () => Object.keys((await documentOf(first, 'lab')).map).length === 20);
  const before = await documentOf(first, 'lab');
  await first.close();
  expect(updateKeys(disk).some((key) => key.includes('/updates/'))).toBe(true);
  expect(updateKeys(disk).length).toBeLessThan(20);
  const second = await startLab({ store: new MemoryStore(disk) });
  expect((await documentOf(second, 'lab')).map).toEqual(before.map);
  await until(() => updateKeys(disk).length === 1);
  await second.close();
  expect((await documentOf(await startLab({ store: new MemoryStore(disk) }), 'lab')).map).toEqual(before.map);
});

/** What the document is spread over. */
function updateKeys(disk: ReadonlyMap<string, Uint8Array>): string[] {
  return [...disk.keys()].filter((key) => /\/updates?\//.test(key));
}

test('a room that stays open merges its updates when there are more than 500', async () => {
  const disk = new Map<string, Uint8Array>();
  const lab = await startLab({ store: new MemoryStore(disk) });
  const app = joinAsApp(lab, 'lab');
  await until(() => app.synced);
  for (let i = 0; i < 600; i++) app.doc.getText('t').insert(i, 'x');
  await until(async () => (await documentOf(lab, 'lab')).snapshot === Buffer.from(Y.encodeStateAsUpdate(app.doc)).toString('hex'));
  await lab.close();
  expect(updateKeys(disk).length).toBeLessThan(200);
});

test('what is stored of a record is what the replica sent, byte for byte', async () => {
  const disk = await storedRoom();
  expect(checkedPayload('room/lab/record/A/000000000002', disk.get('room/lab/record/A/000000000002')!)).toEqual(encodeRecord(record('A', 2)));
});
