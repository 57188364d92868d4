/**
 * Who this copy of a replica is. A name may have several copies (a phone and a laptop that both open /replica/A): the lab gives each copy an id of
 * its own once, here it is kept, and from then on no contact is needed.
 */
import * as string from 'lib0/string';
import { isReplicaId, type ReplicaId } from '../../shared/clocks/dot.ts';
import type { Store } from '../../shared/ports/store.ts';

export interface Identity {
  readonly replica: ReplicaId;
  /** Names this copy of the storage: 128 random bits in hexadecimal. */
  readonly instance: string;
}

/** The identity that the store remembers, else a new one that the lab gives. `name` asks the lab for an id; it is asked until it answers. */
export async function identify(store: Store, name: (instance: string) => Promise<string>): Promise<Identity> {
  const known = new Map<string, string>();
  for await (const { key, value } of store.read('identity/')) known.set(key, string.decodeUtf8(value));
  const instance = known.get('identity/instance') ?? randomHex(16);
  const replica = known.get('identity/replica') ?? (await name(instance));
  if (!isReplicaId(replica)) throw new RangeError(`the lab gave the name "${replica}", which cannot name a replica`);
  await store.write([
    { key: 'identity/instance', value: string.encodeUtf8(instance) },
    { key: 'identity/replica', value: string.encodeUtf8(replica) },
  ]);
  return { replica, instance };
}

/** getRandomValues, as randomUUID is missing on plain-HTTP pages. */
function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
