/** A line between clients and a relay that carries so many bytes a second each way, as a phone far from its mast has it. */
import { createServer, type AddressInfo, connect, type Server, type Socket } from 'node:net';

/** Time between two portions, in milliseconds. */
const portionMs = 10;

export interface SlowLine {
  /** Where clients connect: "ws://127.0.0.1:1234". */
  readonly ws: string;
  close(): void;
}

export async function openSlowLine(port: number, bytesPerSecond: number): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const relay = connect(port, '127.0.0.1');
    for (const [from, to] of [[client, relay], [relay, client]] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      carry(from, to, (bytesPerSecond * portionMs) / 1_000);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ws: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function carry(from: Socket, to: Socket, portionBytes: number): void {
  let waiting: Buffer[] = [];
  let ready = 0;
  const portions = setInterval(() => {
    ready = Math.min(ready + portionBytes, 4 * portionBytes);
    while (ready > 0 && waiting.length > 0) {
      const first = waiting[0]!;
      const part = first.subarray(0, Math.floor(ready));
      if (part.length === 0) break;
      ready -= part.length;
      to.write(part);
      if (part.length === first.length) waiting.shift();
      else waiting[0] = first.subarray(part.length);
    }
    if (waiting.length === 0) from.resume();
  }, portionMs);
  from.on('data', (bytes: Buffer) => {
    waiting.push(bytes);
    from.pause();
  });
  from.on('close', () => {
    clearInterval(portions);
    waiting = [];
  });
}
