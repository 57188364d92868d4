/** The control API's calls for the moment that the windows of a room show. */
import type { Hono } from 'hono';
import type { Room } from '../../shared/relay/room/room.ts';
import { bodyText } from './request-body.ts';
import type { RoomMoments } from '../../shared/control/room/room-moments.ts';
import { checkedBody, momentChoiceSchema } from '../../shared/control/schemas.ts';

const bodyBytesMax = 65_536;

/** `withRoom` answers with what `use` makes of the room of that name. */
export function addMomentRoutes(app: Hono, moments: RoomMoments, withRoom: (name: string, use: (room: Room) => Response | Promise<Response>) => Promise<Response>): void {
  const path = '/-/api/rooms/:room/moment';
  app.get(path, (context) => withRoom(context.req.param('room'), (room) => context.json({ atMs: moments.of(room) })));
  app.put(path, async (context) => {
    const { atMs } = checkedBody(momentChoiceSchema, await bodyText(context.req.raw, bodyBytesMax));
    return withRoom(context.req.param('room'), (room) => {
      moments.show(room, atMs);
      return context.json({ atMs: moments.of(room) });
    });
  });
}
