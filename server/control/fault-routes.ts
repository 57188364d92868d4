/** The control API's calls for the faults of a room: its islands and its links. */
import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import { parseIslands } from '../../shared/control/islands-format.ts';
import { isSessionName, sessionNameLengthMax } from '../../shared/control/islands.ts';
import { parseLink } from '../../shared/control/link-format.ts';
import { isSoundLink } from '../../shared/network/link.ts';
import type { Room } from '../../shared/relay/room/room.ts';
import { Problem } from '../../shared/control/problem.ts';
import { bodyText } from './request-body.ts';
import { parsedBody } from '../../shared/control/schemas.ts';

const bodyBytesMax = 262_144;
/** Most links with faults in one room. */
const linksMax = 1_000;

/** `withRoom` answers with what `use` makes of the room of that name. */
export function addFaultRoutes(app: Hono, withRoom: (name: string, use: (room: Room) => Response | Promise<Response>) => Promise<Response>): void {
  app.get('/-/api/rooms/:room/islands', (context) => withRoom(context.req.param('room'), (room) => context.json(room.islands.lists)));
  app.put('/-/api/rooms/:room/islands', async (context) => {
    const lists = parsedBody(parseIslands, await bodyText(context.req.raw, bodyBytesMax));
    return withRoom(context.req.param('room'), async (room) => {
      await room.faults.divide(lists);
      return context.json(room.islands.lists);
    });
  });
  app.delete('/-/api/rooms/:room/islands', (context) => withRoom(context.req.param('room'), async (room) => {
    await room.faults.divide([]);
    return context.body(null, 204);
  }));
  app.get('/-/api/rooms/:room/links/:name', (context) => {
    const name = checkedName(context.req.param('name'));
    return withRoom(context.req.param('room'), (room) => context.json(room.links.get(name)));
  });
  app.put('/-/api/rooms/:room/links/:name', async (context) => {
    const name = checkedName(context.req.param('name'));
    const link = parsedBody((input) => parseLink(input, randomBytes(4).readUInt32LE()), await bodyText(context.req.raw, bodyBytesMax));
    return withRoom(context.req.param('room'), async (room) => {
      if (room.links.count >= linksMax && !isSoundLink(link) && isSoundLink(room.links.get(name))) throw new Problem(409, `${linksMax} links have faults already; POST …/reset takes them off`);
      await room.faults.setLink(name, link);
      return context.json(link);
    });
  });
  app.post('/-/api/rooms/:room/reset', (context) => withRoom(context.req.param('room'), async (room) => {
    await room.faults.mend();
    return context.body(null, 204);
  }));
}

function checkedName(name: string): string {
  if (!isSessionName(name)) throw new Problem(400, `${JSON.stringify(name).slice(0, 80)} cannot name a session: 1 to ${sessionNameLengthMax} characters are expected`);
  return name;
}
