/** The control API's calls for scenarios in windows. */
import type { Context, Hono } from 'hono';
import type { Room } from '../../shared/relay/room/room.ts';
import { Problem } from '../../shared/control/problem.ts';
import { bodyText } from './request-body.ts';
import type { RoomScenarios } from '../../shared/control/scenarios/room-scenarios.ts';
import { checkedBody, firstIssue, paceMsSchema, scenarioChoiceSchema, speedSchema } from '../../shared/control/schemas.ts';

const bodyBytesMax = 4_194_304;

/** `withRoom` answers with what `use` makes of the room of that name. */
export function addScenarioRoutes(app: Hono, scenarios: RoomScenarios, withRoom: (name: string, use: (room: Room) => Response | Promise<Response>) => Promise<Response>): void {
  const path = '/-/api/rooms/:room/scenario';
  const answer = (context: Context, room: Room): Response => context.json(scenarios.view(room));
  app.get('/-/api/scenarios', async (context) => context.json(await scenarios.catalogue(context.req.query('room') ?? null)));
  app.get(path, (context) => withRoom(context.req.param('room'), (room) => answer(context, room)));
  app.put(path, async (context) => {
    const choice = checkedBody(scenarioChoiceSchema, await bodyText(context.req.raw, bodyBytesMax));
    return withRoom(context.req.param('room'), async (room) => {
      if (room.isShared) throw new Problem(409, 'this relay shares its rooms with others (--redis), and a scenario is played by one relay alone: use rejoin start');
      await scenarios.choose(room, choice);
      return answer(context, room);
    });
  });
  app.delete(path, (context) => withRoom(context.req.param('room'), async (room) => {
    await scenarios.leave(room);
    return context.body(null, 204);
  }));
  app.post(`${path}/play`, (context) => withRoom(context.req.param('room'), (room) => {
    const [pace, speed] = [context.req.query('paceMs'), context.req.query('speed')];
    scenarios.play(room, { paceMs: pace === undefined ? undefined : paceOf(pace), speed: speed === undefined ? undefined : speedOf(speed) });
    return answer(context, room);
  }));
  app.post(`${path}/pause`, (context) => withRoom(context.req.param('room'), (room) => {
    scenarios.pause(room);
    return answer(context, room);
  }));
  app.post(`${path}/step`, (context) => withRoom(context.req.param('room'), (room) => {
    scenarios.step(room);
    return answer(context, room);
  }));
}

function speedOf(text: string): number {
  const speed = speedSchema.safeParse(/^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : text);
  if (!speed.success) throw new Problem(400, `${firstIssue(speed.error)}, not "${text.slice(0, 20)}"`);
  return speed.data;
}

function paceOf(text: string): number {
  const pace = paceMsSchema.safeParse(/^[0-9]{1,5}$/.test(text) ? Number(text) : text);
  if (!pace.success) throw new Problem(400, `${firstIssue(pace.error)}, not "${text.slice(0, 20)}"`);
  return pace.data;
}
