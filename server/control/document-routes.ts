/** The control API's calls for the document of a room, or of one of its islands, as an update of Yjs (version 1). */
import type { Hono } from 'hono';
import { closeCodes, Refusal } from '../../shared/relay/refusal.ts';
import type { Relay } from '../relay/relay.ts';
import type { Room } from '../../shared/relay/room/room.ts';
import { Problem } from '../../shared/control/problem.ts';
import { bodyBytes } from './request-body.ts';
import { islandNumberSchema } from '../../shared/control/schemas.ts';

type Island = Room['islands']['all'][number];
type WithRoom = (name: string, use: (room: Room) => Response | Promise<Response>) => Promise<Response>;

/** `withRoom` answers with what `use` makes of the room of that name. */
export function addDocumentRoutes(app: Hono, relay: () => Relay, withRoom: WithRoom): void {
  const path = '/-/api/rooms/:room/document';
  app.get(path, (context) => withRoom(context.req.param('room'), (room) => {
    const island = context.req.query('island');
    const document = island === undefined ? room.document : islandOf(room, island).document;
    return context.body(new Uint8Array(document.snapshot()), 200, { 'content-type': 'application/octet-stream' });
  }));
  app.put(path, async (context) => {
    const update = await bodyBytes(context.req.raw, relay().updateBytesMax);
    return withRoom(context.req.param('room'), async (room) => {
      const island = islandToWrite(room, context.req.query('island'));
      const changed = await merged(room, island, update);
      return context.json({ changed, documentBytes: island.document.snapshot().length });
    });
  });
}

async function merged(room: Room, island: Island, update: Uint8Array): Promise<boolean> {
  // It would be in memory and with the others, and this call would wait for as long as the store fails.
  if (room.unsaved.isFailing) throw new Problem(503, 'the store takes no writes now');
  try {
    return await room.merge(island, update);
  } catch (error) {
    if (error instanceof Refusal) throw new Problem(error.code === closeCodes.full ? 413 : 400, error.message);
    throw error;
  }
}

function islandToWrite(room: Room, text: string | undefined): Island {
  if (text !== undefined) return islandOf(room, text);
  const [whole, ...more] = room.islands.all;
  if (more.length > 0) throw new Problem(409, `room ${room.name} is divided; ?island=N says on which island this is written`);
  return whole!;
}

function islandOf({ name, islands: { all } }: Room, text: string): Island {
  if (!islandNumberSchema.safeParse(text).success) throw new Problem(400, `an island is counted from 0, not ${JSON.stringify(text).slice(0, 40)}`);
  const island = all[Number(text)];
  if (!island) throw new Problem(404, `room ${name} has ${all.length === 1 ? 'one island, 0, as it is whole' : `the islands 0 to ${all.length - 1}`}; there is no ${Number(text)}`);
  return island;
}
