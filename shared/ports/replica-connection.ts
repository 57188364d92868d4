/** A replica's transport to a relay, with its switch and its peers. The adapter is renderer/providers/relay-connection.ts. */
import type { Transport } from './transport.ts';

/** What a replica says of itself to its peers. */
export interface Presence {
  readonly replica: string;
  readonly clock: Readonly<Record<string, number>>;
}

export interface ReplicaConnection extends Transport {
  /** The network switch. */
  isOnline: boolean;
  readonly state: 'offline' | 'connecting' | 'open' | 'synced';
  /** Whether the relay has confirmed all that this Y.Doc did here. */
  readonly isDocumentSaved: boolean;
  /** Why the relay has closed the connection for good; null if it has not. */
  readonly trouble: string | null;
  /** The other clients that are reachable now; null for those that say nothing we know. */
  readonly peers: readonly (Presence | null)[];
  announce(presence: Presence): void;
  onChange(listener: () => void): () => void;
  close(): void;
}
