import type { AddressInfo } from 'node:net';
import { describe, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { transportContract } from '../../library/contracts.ts';
import { RelayConnection } from '../../renderer/providers/relay-connection.ts';
import { SimulatedLink } from '../../shared/simulation/simulated-link.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';

transportContract({ describe, test }, 'a simulated link', async () => {
  const clock = new VirtualClock();
  const link = new SimulatedLink(clock);
  const arrived: Uint8Array[] = [];
  link.relayEnd.listen({ opened: () => {}, received: (frame) => arrived.push(frame), closed: () => {} });
  return {
    transport: link.replicaEnd,
    arrived,
    connect: () => link.connect(),
    cut: () => link.cut(),
    reply: (frame) => link.relayEnd.send(frame),
    deliver: () => clock.advance(10),
    close: () => link.cut(),
  };
});

transportContract({ describe, test }, 'WebSocket, by way of the y-websocket provider', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const sockets: WebSocket[] = [];
  const arrived: Uint8Array[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => arrived.push(Uint8Array.from(data)));
  });
  const doc = new Y.Doc();
  const transport = new RelayConnection({ server: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, room: 'lab', name: 'A', doc, WebSocket: WebSocket as unknown as typeof globalThis.WebSocket });
  return {
    transport,
    arrived,
    connect: () => void (transport.isOnline = true),
    cut: () => sockets.at(-1)?.terminate(),
    reply: (frame) => sockets.at(-1)?.send(frame),
    deliver() {},
    async close() {
      transport.close();
      doc.destroy();
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
