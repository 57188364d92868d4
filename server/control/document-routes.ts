/** The control API's call for the document of a room, or of one of its islands, as an update of Yjs (version 1). */
import type { Hono } from 'hono';
import type { Room } from '../relay/room/room.ts';
import { Problem } from './problem.ts';
import { islandNumberSchema } from './schemas.ts';

/** `withRoom` answers with what `use` makes of the room of that name. */
export function addDocumentRoutes(app: Hono, withRoom: (name: string, use: (room: Room) => Response) => Promise<Response>): void {
  app.get('/-/api/rooms/:room/document', (context) => withRoom(context.req.param('room'), (room) => {
    const island = context.req.query('island');
    const document = island === undefined ? room.document : islandOf(room, island).document;
    return context.body(new Uint8Array(document.snapshot()), 200, { 'content-type': 'application/octet-stream' });
  }));
}

function islandOf({ name, islands: { all } }: Room, text: string): Room['islands']['all'][number] {
  if (!islandNumberSchema.safeParse(text).success) throw new Problem(400, `an island is counted from 0, not ${JSON.stringify(text).slice(0, 40)}`);
  const island = all[Number(text)];
  if (!island) throw new Problem(404, `room ${name} has ${all.length === 1 ? 'one island, 0, as it is whole' : `the islands 0 to ${all.length - 1}`}; there is no ${Number(text)}`);
  return island;
}
