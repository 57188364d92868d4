/** What the program is told when it is started, by environment variables; checked, as anyone may have set them. */
import { roomNameProblem } from '../shared/protocol/room-name.ts';
import { isReplicaId, type ReplicaId } from '../shared/clocks/dot.ts';

export interface LaunchSettings {
  /** Origin of the lab's server that is running already, such as http://127.0.0.1:1234; null when this program must start one. */
  readonly server: string | null;
  /** The room at the relay. */
  readonly room: string;
  /** Replica windows to open, in this order. */
  readonly replicas: readonly ReplicaId[];
  /** Folder for all that is kept; null for the user's own data folder. */
  readonly dataFolder: string | null;
}

/** Reads REJOIN_URL, REJOIN_ROOM, REJOIN_REPLICAS ("A,B,C") and REJOIN_DATA. Throws a RangeError of one line for a value that makes no sense. */
export function readLaunchSettings(environment: Readonly<Record<string, string | undefined>>): LaunchSettings {
  const text = (name: string) => environment[name]?.trim() || null;
  return {
    server: text('REJOIN_URL') === null ? null : serverOrigin(text('REJOIN_URL')!),
    room: roomName(text('REJOIN_ROOM') ?? 'lab'),
    replicas: replicaNames(text('REJOIN_REPLICAS') ?? 'A,B,C'),
    dataFolder: text('REJOIN_DATA'),
  };
}

/** The origin of a server on this machine. Anything else is refused: pages may talk to this address. */
export function serverOrigin(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new RangeError(`the server's address "${address}" is not an address such as http://127.0.0.1:1234`);
  }
  if (url.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
    throw new RangeError(`the server's address "${address}" must be on this machine, such as http://127.0.0.1:1234`);
  }
  return url.origin;
}

function roomName(text: string): string {
  const problem = roomNameProblem(text);
  if (problem !== null) throw new RangeError(problem);
  return text;
}

function replicaNames(text: string): ReplicaId[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  for (const name of names) if (!isReplicaId(name)) throw new RangeError(`the replica name "${name}" must be 1 to 32 of A–Z a–z 0–9 _ -`);
  return [...new Set(names)];
}
