/**
 * `rejoin/websocket`: the Transport port to a relay (`npx rejoin relay`), on one WebSocket together
 * with the Y.Doc, by way of y-websocket.
 *
 *     const doc = new Y.Doc();
 *     const server = 'ws://127.0.0.1:1234';
 *     const transport = new RelayConnection({ server, room: 'trip', name: 'A', doc });
 *     const replica = await Replica.open({ …, transport });
 *     transport.isOnline = true;
 *
 * It starts switched off, so that nothing is missed before the replica listens. Off, the socket is
 * closed and none is opened. A relay that refuses it for good says why in `trouble`. Where there is
 * no global WebSocket, give one: `WebSocket: ws` of the package ws.
 */
export {
  RelayConnection,
  type RelayConnectionOptions,
} from '../renderer/providers/relay-connection.ts';
export type { Presence, ReplicaConnection } from '../shared/ports/replica-connection.ts';
