/** The HTTP side of the lab: control API under `/-/api`, pages elsewhere. Host and Origin were checked before (relay/guard). */
import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { liveLimits } from '../../shared/analysis/room-verdicts.ts';
import { changedSettings, type LabSettings } from '../../shared/control/lab-settings.ts';
import type { LabCore } from '../../shared/control/lab-core.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import { toHistoryLines } from '../../shared/history/json-lines.ts';
import type { StrategyId } from '../../shared/history/record.ts';
import { roomNameProblem } from '../../shared/protocol/room-name.ts';
import { strategyIdShape } from '../../shared/scenarios/settings-format.ts';
import { defaultQuorumSettings, mustBeQuorum } from '../../shared/strategies/quorum/settings.ts';
import type { Relay } from '../relay/relay.ts';
import { Refusal } from '../../shared/relay/refusal.ts';
import type { Room } from '../../shared/relay/room/room.ts';
import { addDocumentRoutes } from './document-routes.ts';
import { TooManyRooms } from '../../shared/relay/room/rooms.ts';
import { addFaultRoutes } from './fault-routes.ts';
import { openApiDocument } from './openapi/openapi-document.ts';
import { Metrics, metricsType } from './metrics.ts';
import { pageResponse } from './pages.ts';
import { Problem } from '../../shared/control/problem.ts';
import { problemResponse } from './problem-response.ts';
import { bodyText } from './request-body.ts';
import { addMomentRoutes } from './moment-routes.ts';
import { changeSettings, settingsOf } from '../../shared/control/room/room-settings.ts';
import { slicedBody } from './sliced-body.ts';
import { addScenarioRoutes } from './scenario-routes.ts';
import { checkedBody, firstIssue, relayStateSchema, replicaRequestSchema, settingsChangeSchema, storedLimitSchema, storedPageMax } from '../../shared/control/schemas.ts';
import { inTime, type StoreInTimeOptions } from './store-in-time.ts';
import { StoreUnavailable } from '../../shared/ports/shared-store.ts';

export interface ApiOptions extends StoreInTimeOptions {
  readonly relay: () => Relay;
  readonly core: LabCore;
  readonly strategies: readonly StrategyId[];
  readonly pagesDir: string | null;
  readonly report: (line: string) => void;
}

const bodyBytesMax = 65_536;

export function createApi(options: ApiOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const objection = controlObjection(options, context);
    if (context.req.method === 'OPTIONS' && isForeign(options, context)) context.res = new Response(null, { status: 204 });
    else if (objection !== null) context.res = problemResponse(403, objection);
    else await next();
    setHeaders(options, context);
  });
  app.use('/-/api/rooms/*', (context, next) => (context.req.method === 'GET' ? next() : inTime(options, next)));
  addRelayRoutes(app, options);
  addRoomRoutes(app, options);
  addDocumentRoutes(app, options.relay, (name, use) => withRoom(options, name, use));
  addFaultRoutes(app, (name, use) => withRoom(options, name, use));
  addMomentRoutes(app, options.core.moments, (name, use) => withRoom(options, name, use));
  addScenarioRoutes(app, options.core.scenarios, (name, use) => withRoom(options, name, use));
  // The compressed body of a page has the page's ETag as a weak one: the same page, other bytes.
  app.get('*', compress(), etag({ generateDigest: digestOf }), async (context, next) => {
    if (context.req.path.startsWith('/-/')) return next();
    const page = options.pagesDir === null ? null : await pageResponse(options.pagesDir, context.req.path, context.req.header('host') ?? 'localhost', options.relay().url.startsWith('https:'));
    return page ?? next();
  });
  app.notFound((context) => {
    const { method, path } = context.req;
    if (path.startsWith('/-/')) return problemResponse(404, `there is no ${method} ${path}`);
    const text = path === '/' && options.pagesDir === null ? 'This is a relay; connect a WebSocket to /ROOM.\n' : 'There is no such page.\n';
    return context.text(text, 404, { 'content-length': String(text.length) });
  });
  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error.status, error.message);
    if (error instanceof TooManyRooms || error instanceof Refusal || error instanceof StoreUnavailable) return problemResponse(503, error.message);
    options.report(`a call of the control API failed: ${error.stack ?? error.message}`);
    return problemResponse(500, error.message);
  });
  return app;
}

function addRelayRoutes(app: Hono, { relay, core: { views } }: ApiOptions): void {
  let described: string | null = null;
  const metrics = new Metrics(relay, () => views.latestTotals);
  app.get('/-/api/openapi.json', (context) => context.body((described ??= JSON.stringify(openApiDocument())), 200, { 'content-type': 'application/json' }));
  app.get('/-/api/relay', (context) => context.json({ online: relay().online, url: relay().url }));
  app.get('/-/metrics', async (context) => context.text(await metrics.text(), 200, { 'content-type': metricsType }));
  app.put('/-/api/relay', async (context) => {
    relay().online = checkedBody(relayStateSchema, await bodyText(context.req.raw, bodyBytesMax)).online;
    return context.json({ online: relay().online });
  });
}

/** A file to be saved. Where it is opened instead, it may do nothing at the lab's address. */
const reportHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-disposition': 'attachment; filename="rejoin-report.html"',
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
};

function addRoomRoutes(app: Hono, options: ApiOptions): void {
  const { relay, core, strategies } = options;
  const { views, verdicts, events, scenarios } = core;
  app.get('/-/api/rooms', async (context) => {
    const rooms = await Promise.all(relay().roomNames().map((name) => withRoom(options, name, (room) => views.viewWithFigures(room))));
    return context.json({ relayOnline: relay().online, rooms, ...(await storedPage(relay(), context.req.query('after'), context.req.query('limit'))) });
  });
  app.get('/-/api/rooms/:room', (context) => withRoom(options, context.req.param('room'), async (room) => context.json(await views.viewWithFigures(room))));
  app.delete('/-/api/rooms/:room', (context) => withRoom(options, context.req.param('room'), async (room) => {
    await scenarios.startOver(room);
    return context.body(null, 204);
  }));
  app.get('/-/api/rooms/:room/settings', (context) => withRoom(options, context.req.param('room'), (room) => context.json(settingsOf(room))));
  app.put('/-/api/rooms/:room/settings', async (context) => {
    const change = checkedBody(settingsChangeSchema, await bodyText(context.req.raw, bodyBytesMax));
    return withRoom(options, context.req.param('room'), async (room) => {
      const settings = changedSettings(settingsOf(room), change, options.clock.wallMs());
      mustFit(settings, room.members.list.length);
      await changeSettings(room, settings);
      return context.json(settings);
    });
  });
  app.post('/-/api/rooms/:room/replicas', async (context) => {
    const { name, instance } = checkedBody(replicaRequestSchema, await bodyText(context.req.raw, bodyBytesMax));
    const replica = await withRoom(options, context.req.param('room'), (room) => room.nameReplica(instance, name ?? null));
    return context.json({ replica });
  });
  app.get('/-/api/rooms/:room/history', (context) =>
    withRoom(options, context.req.param('room'), async (room) => {
      const finals = await verdicts.finalReads(room).catch(() => []);
      const lines = toHistoryLines(core.schemaOf(room), strategies, room.records(), { events: [...events.of(room), ...finals], document: room.document.snapshot() });
      return context.body(slicedBody(lines), 200, { 'content-type': 'application/jsonl; charset=utf-8' });
    }),
  );
  app.get('/-/api/rooms/:room/replication', (context) => withRoom(options, context.req.param('room'), async (room) => context.json(await views.replication(room))));
  app.get('/-/api/rooms/:room/replication/series', (context) => {
    const strategy = strategyIdShape.optional().safeParse(context.req.query('strategy'));
    if (!strategy.success) throw new Problem(400, `strategy: ${firstIssue(strategy.error)}`);
    return withRoom(options, context.req.param('room'), async (room) => context.json(await views.series(room, strategy.data)));
  });
  app.get('/-/api/rooms/:room/report', (context) => withRoom(options, context.req.param('room'), async (room) => context.body(await views.report(room), 200, reportHeaders)));
  app.get('/-/api/rooms/:room/verdicts', (context) => withRoom(options, context.req.param('room'), async (room) => context.json(await verdicts.now(room, liveLimits))));
  app.get('/-/api/rooms/:room/scorecard', (context) => withRoom(options, context.req.param('room'), async (room) => context.json(await views.scorecard(room))));
}

/** A page of the rooms in the store. `stored` null: it cannot be read now. */
async function storedPage(relay: Relay, after: string | undefined, limit: string | undefined): Promise<StoredPage> {
  const max = storedLimitSchema.safeParse(limit ?? String(storedPageMax));
  if (!max.success) throw new Problem(400, `${firstIssue(max.error)}, not "${String(limit).slice(0, 20)}"`);
  // One more than wanted tells whether that is all.
  const names = await relay.storedRooms(after ?? null, Number(max.data) + 1).catch(() => null);
  if (names === null) return { stored: null, next: null };
  const page = names.slice(0, Number(max.data));
  const loaded = new Set(relay.roomNames());
  return { stored: page.map((name) => ({ name, loaded: loaded.has(name) })), next: names.length > page.length ? page.at(-1)! : null };
}

interface StoredPage {
  readonly stored: readonly { readonly name: string; readonly loaded: boolean }[] | null;
  /** What `after` is for the next page; null: there is none. */
  readonly next: string | null;
}

async function withRoom<Result>({ relay }: ApiOptions, name: string, use: (room: Room) => Result | Promise<Result>): Promise<Result> {
  const lease = await relay().lease(checkedRoom(name));
  try {
    return await use(lease.room);
  } finally {
    lease.release();
  }
}

/** R and W count replicas of the room; before the first one is there, any number may be meant. */
function mustFit({ quorum }: LabSettings, members: number): void {
  try {
    mustBeQuorum({ ...defaultQuorumSettings, ...quorum }, members === 0 ? undefined : Math.max(members, defaultQuorumSettings.r));
  } catch (error) {
    throw new Problem(400, errorText(error));
  }
}

function checkedRoom(name: string): string {
  const problem = roomNameProblem(name);
  if (problem !== null) throw new Problem(404, problem);
  return name;
}

/** Here, and not by the address as it came in: this is the path that the router goes by. */
function controlObjection({ relay }: ApiOptions, context: Context): string | null {
  const { incoming } = context.env as Partial<HttpBindings>;
  if (!incoming || !context.req.path.startsWith('/-/')) return null;
  const objection = relay().guard.controlObjection(incoming, ['GET', 'HEAD', 'OPTIONS'].includes(context.req.method));
  if (objection !== null) relay().noteRefusal('request', incoming, 403, objection);
  return objection;
}

function isForeign({ relay }: ApiOptions, context: Context): boolean {
  const origin = context.req.header('origin');
  return origin !== undefined && relay().guard.isForeignButAllowed(origin);
}

function setHeaders(options: ApiOptions, context: Context): void {
  const { headers } = context.res;
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
  if (context.req.path.startsWith('/-/')) headers.set('cache-control', 'no-store');
  headers.append('vary', 'Origin');
  if (!isForeign(options, context)) return;
  headers.set('access-control-allow-origin', context.req.header('origin') ?? '');
  headers.set('access-control-allow-methods', 'GET, PUT, POST, DELETE');
  headers.set('access-control-allow-headers', 'content-type, authorization');
  headers.set('access-control-max-age', '600');
}

/** By Node, as not every runtime has the browser's crypto: the desktop program of Electron 25 has none. */
function digestOf(body: Uint8Array): ArrayBuffer {
  return new Uint8Array(createHash('sha1').update(body).digest()).buffer;
}
