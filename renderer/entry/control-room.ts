/** Composition root of the first page: finds the server, opens the control channel and hands both to the control room. */
import { errorText } from '../../shared/encoding/error-text.ts';
import { ControlConnection } from '../controllers/control-connection.ts';
import '../elements/control-room/control-room.ts';
import type { LabControls } from '../elements/control-room/lab-controls.ts';
import { browserClock } from '../platform/browser-clock.ts';
import { openHistoryLine } from '../platform/history-worker.ts';
import { hostOf } from '../platform/host.ts';
import { LabClient } from '../platform/lab-client.ts';
import { saveFile } from '../platform/save-file.ts';
import { hideToken, type ServerAddress, serverAddress } from '../platform/server-address.ts';
import { openTimelineLine } from '../platform/timeline-worker.ts';

function openLab(server: ServerAddress): LabControls {
  const client = new LabClient(server);
  return {
    server,
    channel: new ControlConnection({ server }),
    host: hostOf(window, server.room),
    timelines: { origin: server.origin, clock: browserClock, openLine: (received) => openTimelineLine(browserClock, received) },
    setRelayOnline: (online) => setRelayOnline(server, online),
    putSettings: (change) => client.putSettings(change),
    putIslands: (lists) => client.putIslands(lists),
    putLink: (name, link) => client.putLink(name, link),
    emptyRoom: () => client.emptyRoom(),
    replicationSeries: (strategy) => client.replicationSeries(strategy),
    saveReport: async () => saveFile(`rejoin-${server.room.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}.html`, await client.report(), 'text/html'),
    catalogue: () => client.catalogue(),
    chooseScenarioText: (text) => client.chooseScenarioText(text),
    openHistory: async (name, text) => (await import('../controllers/saved-history.ts')).SavedHistory.open(name, text, (received) => openHistoryLine(browserClock, received)),
    saveReportOf: async (saved) => saveFile(`${saved.name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-')}.html`, await saved.report(), 'text/html'),
    chooseScenario: (name) => client.chooseScenario(name),
    steerScenario: (how, speed) => client.steerScenario(how, speed),
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
  room.failure = errorText(error);
}
