/** The page of one replica: /replica/NAME. */
import { isReplicaId } from '../../shared/clocks/dot.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import { ControlConnection } from '../controllers/control-connection.ts';
import '../elements/replica/replica-window.ts';
import { crashNote, forgetCrash } from '../platform/crash-note.ts';
import { hideToken, serverAddress } from '../platform/server-address.ts';
import { openReplica } from './open-replica.ts';

const element = document.querySelector('replica-window')!;
hideToken(location, history);

function say(line: string): void {
  const paragraph = document.createElement('p');
  paragraph.className = 'starting';
  paragraph.setAttribute('role', 'status');
  paragraph.textContent = line;
  element.replaceChildren(paragraph);
}

async function start(): Promise<void> {
  const name = decodeURIComponent(location.pathname.replace(/^\/replica\//, ''));
  if (!isReplicaId(name)) throw new Error(`“${(name as string).slice(0, 60)}” cannot name a replica: 1 to 32 of A–Z a–z 0–9 _ - can.`);
  const killed = crashNote(name);
  if (killed !== null) return waitForRestart(name, killed);
  element.session = await openReplica(name, serverAddress(location), say);
  performance.mark('rejoin-usable');
}

/** A scenario killed this program, and will start it again. So may a person, by pressing the button. */
function waitForRestart(name: string, replica: string): void {
  const again = (advancedMs: number): void => {
    forgetCrash(name, advancedMs);
    location.reload();
  };
  say(`Replica ${name} has crashed. The scenario starts it again.`);
  const button = document.createElement('button');
  button.textContent = 'Start it now';
  button.addEventListener('click', () => again(0));
  element.append(button);
  const channel = new ControlConnection({ server: serverAddress(location), replica });
  channel.listen({
    received(message) {
      if (message.kind === 'emptied') again(0);
      if (message.kind !== 'do') return;
      const { command } = message;
      const isRestart = command.does === 'restart';
      channel.send({ kind: 'done', id: message.id, ...(isRestart ? {} : { error: `replica ${name} is down` }) });
      if (isRestart) again(command.advancedMs);
    },
  });
}

start().catch((error: unknown) => say(`This replica could not be opened: ${errorText(error)}`));
