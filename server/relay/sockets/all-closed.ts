/** Waits for clients to say goodbye. */
import type { WebSocket } from 'ws';
import type { Clock } from '../../../shared/ports/clock.ts';

/** How long, in milliseconds. */
const goodbyeMs = 500;

/** Resolves when all sockets are closed; those whose clients do not answer are cut. */
export async function allClosed(sockets: readonly WebSocket[], clock: Clock): Promise<void> {
  const cancel = clock.after(goodbyeMs, () => sockets.forEach((socket) => socket.terminate()));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => (socket.readyState === socket.CLOSED ? resolve(null) : socket.once('close', resolve)))));
  cancel();
}
