/** The page of one replica: /replica/NAME. */
import { isReplicaId } from '../../shared/clocks/dot.ts';
import '../elements/replica-window.ts';
import { serverAddress } from '../platform/server-address.ts';
import { openReplica } from './open-replica.ts';

const element = document.querySelector('replica-window')!;

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
  element.session = await openReplica(name, serverAddress(location), say);
  performance.mark('rejoin-usable');
}

start().catch((error: unknown) => say(`This replica could not be opened: ${error instanceof Error ? error.message : String(error)}`));
