/**
 * The disk of a relay fails and recovers, while several rooms are written to: what the relay confirmed, before, during or after,
 * is there when it was killed and is started again.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLevelStore } from '../../../server/storage/level-store.ts';
import { type DiskFault, filesFull, fullDisk, noHandles, syncFails } from '../../support/disk-faults.ts';
import { buildRelayProgram, RelayProcess, type RelayProgram } from '../../support/relay-process.ts';
import { atEnd, connectReplica, joinAsApp, type RawClient, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

const rooms = ['one', 'two'];
/** How many times the fault comes and goes. */
const rounds = 3;

let program: RelayProgram;
beforeAll(async () => {
  program = await buildRelayProgram();
});
afterAll(() => program.remove());

/** A window that sends edits, each under a key of its own. */
class Writer {
  sent = 0;

  private constructor(
    readonly room: string,
    private readonly client: RawClient,
  ) {}

  static async connect(relay: RelayProcess, room: string): Promise<Writer> {
    return new Writer(room, await connectReplica(relay, room, 'A'));
  }

  get saved(): number {
    return this.client.last('saved')?.yjsFrames ?? 0;
  }

  edit(bytes: number): void {
    this.client.send(syncFrame(2, updateOf(`key ${++this.sent}`, 'x'.repeat(bytes))));
  }
}

for (const fault of [fullDisk, filesFull, noHandles, syncFails]) {
  const title = `${fault.name}: nothing that was confirmed is lost, and storing works again without a restart`;
  test(title, { timeout: 120_000 }, async ({ skip }) => {
    skip(fault.trouble !== null, fault.trouble ?? '');
    const place = await mkdtemp(join(tmpdir(), 'rejoin-disk-'));
    const folder = join(place, 'data');
    atEnd(() => rm(place, { recursive: true, force: true }));
    const env = fault.prepare(folder);
    atEnd(() => fault.remove(folder));
    const start = async (): Promise<RelayProcess> => {
      const relay = await RelayProcess.start(program, { folder: join(folder, 'rooms') }, env);
      atEnd(() => relay.kill());
      return relay;
    };
    const relay = await start();
    const writers = await Promise.all(rooms.map((room) => Writer.connect(relay, room)));
    for (let round = 0; round < rounds; round++) await failOnce(fault, relay, folder, writers);
    await relay.kill();
    const again = await start();
    for (const { room, sent } of writers) {
      const app = joinAsApp(again, room);
      await until(() => app.synced);
      expect([...app.doc.getMap('map').keys()].length, `confirmed edits of room ${room}`).toBe(sent);
    }
  });
}

async function failOnce(fault: DiskFault, relay: RelayProcess, folder: string, writers: readonly Writer[]): Promise<void> {
  const before = (await relay.lines()).length;
  for (const writer of writers) writer.edit(200);
  await until(() => writers.every(({ saved, sent }) => saved === sent));
  await fault.begin(relay, folder);
  // Until both rooms have met the fault.
  const failed = async (): Promise<number> => (await relay.lines()).slice(before).filter((line) => line.includes('storing failed')).length;
  while ((await failed()) < writers.length) {
    for (const writer of writers) writer.edit(fault.editBytes);
    await until(async () => writers.every(({ saved, sent }) => saved === sent) || (await failed()) > 0);
  }
  for (let i = 0; i < 10; i++) for (const writer of writers) writer.edit(fault.editBytes / 10);
  expect(writers.some(({ saved, sent }) => saved < sent)).toBe(true);
  await fault.end(relay, folder);
  await until(() => writers.every(({ saved, sent }) => saved === sent));
  for (const writer of writers) writer.edit(200);
  await until(() => writers.every(({ saved, sent }) => saved === sent));
}

test('a folder on a read-only disk is refused in one line', async ({ skip }) => {
  skip(fullDisk.trouble !== null, fullDisk.trouble ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'rejoin-disk-'));
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,ro', 'tmpfs', folder]);
  atEnd(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });
  await expect(openLevelStore(join(folder, 'rooms'))).rejects.toThrow(/^the data folder .* cannot be opened: [^\n]+$/);
});
