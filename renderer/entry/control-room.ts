/** Composition root of the first page: finds the server, opens the control channel and hands both to the control room. */
import { ControlChannel } from '../controllers/control-channel.ts';
import type { Lab } from '../elements/control-room/control-room.ts';
import '../elements/control-room/control-room.ts';
import { hostOf } from '../platform/host.ts';
import { LabClient } from '../platform/lab-client.ts';
import { hideToken, type ServerAddress, serverAddress } from '../platform/server-address.ts';

function openLab(server: ServerAddress): Lab {
  const client = new LabClient(server);
  return {
    server,
    channel: new ControlChannel({ server }),
    host: hostOf(window, server.room),
    setRelayOnline: (online) => setRelayOnline(server, online),
    putSettings: (change) => client.putSettings(change),
    putIslands: (lists) => client.putIslands(lists),
    putLink: (name, link) => client.putLink(name, link),
    emptyRoom: () => client.emptyRoom(),
    catalogue: () => client.catalogue(),
    chooseScenario: (name) => client.chooseScenario(name),
    steerScenario: (how) => client.steerScenario(how),
  };
}

async function setRelayOnline(server: ServerAddress, online: boolean): Promise<void> {
  const doing = online ? 'on' : 'off';
  const response = await fetch(`${server.origin}/-/api/relay`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ online }),
  }).catch(() => {
    throw new Error(`The relay could not be switched ${doing}: the server does not answer.`);
  });
  if (!response.ok) throw new Error(`The relay could not be switched ${doing}: the server answered ${response.status}.`);
}

hideToken(location, history);
const room = document.querySelector('control-room');
if (!room) throw new Error('the page has no <control-room>');
try {
  room.lab = openLab(serverAddress(location));
} catch (error) {
  room.failure = error instanceof Error ? error.message : String(error);
}
