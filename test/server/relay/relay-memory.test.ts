/** What a relay in a process of its own needs: for those who are there, and of those who are gone nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { buildRelayProgram, RelayProcess, type RelayProgram } from '../../support/relay-process.ts';
import { countOf, noteRuns } from '../../support/run-counts.ts';
import { atEnd, syncFrame, until, updateOf } from '../../support/lab-fixture.ts';

/** How many rooms come and go, and how many connections stay. */
const rooms = countOf('rooms-left');
const idle = countOf('idle-connections');
const atOnce = 50;

let program: RelayProgram;

beforeAll(async () => {
  program = await buildRelayProgram();
});
afterAll(() => program.remove());

function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject));
}

/** Somebody comes to a room, asks what is there, says that it is here, and goes. */
async function visit(url: string): Promise<void> {
  const socket = await open(url);
  const answered = new Promise((resolve) => socket.once('message', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send(syncFrame(0, Uint8Array.of(0)));
  await answered;
  socket.close();
  await closed;
}

async function visitAll(relay: RelayProcess, name: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => visit(`${relay.ws}/${name}-${first + i}`)));
  }
  await until(async () => (await relay.rooms()).length === 0);
}

test(`the memory of ${rooms} rooms that were opened and left is free again`, { timeout: 60_000 + rooms * 30, tags: ['runs'] }, async () => {
  noteRuns('rooms-left', rooms);
  const relay = await RelayProcess.start(program);
  atEnd(() => relay.kill());
  // What is made once and kept is made now.
  await visitAll(relay, 'warm', 500);
  await relay.memory();
  const before = await relay.memory();
  await visitAll(relay, 'room', rooms);
  // What belongs to sockets is freed a little after they are closed.
  await until(async () => {
    const after = await relay.memory();
    return after.heapUsed + after.external - before.heapUsed - before.external < 1_500_000;
  });
});

test(`${idle} connections that say nothing fit into 250 MB, and into one room`, { timeout: 90_000, tags: ['runs'] }, async () => {
  noteRuns('idle-connections', idle);
  const relay = await RelayProcess.start(program);
  atEnd(() => relay.kill());
  await visitAll(relay, 'warm', 50);
  const before = await relay.memory();
  const sockets: WebSocket[] = [];
  atEnd(() => sockets.forEach((socket) => socket.terminate()));
  for (let left = idle; left > 0; left -= atOnce) sockets.push(...(await Promise.all(Array.from({ length: atOnce }, () => open(`${relay.ws}/lab`)))));
  const after = await relay.memory();
  console.log(`${idle} connections: the relay has ${(after.rss / 1e6).toFixed(0)} MB, ${((after.rss - before.rss) / 1_000 / idle).toFixed(1)} kB each`);
  expect(after.rss).toBeLessThan(250e6);
  // They are there, and hear what happens.
  const heard = Promise.all(sockets.slice(1).map((socket) => new Promise((resolve) => socket.once('message', resolve))));
  sockets[0]!.send(syncFrame(2, updateOf('hello', 'everybody')));
  await heard;
});
