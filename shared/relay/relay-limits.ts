/** How much of a relay anybody may use, and the numbers where nobody says otherwise. */

export interface RelayLimits {
  /**
   * Largest frame, in bytes; default 16 MiB; a larger one closes with 4413. A single edit is small, but one step 2 carries all that a replica did while it was
   * offline, and a limit near the size of an edit would lock such a replica out for ever (docs/decisions/0015).
   */
  readonly payloadBytesMax: number;
  /**
   * Most bytes that may wait for one slow reader; default 32 MiB. Beyond it what waits is given up, and the reader is brought up to
   * date once it has read what was written. A reader is closed only where it takes nothing at all.
   */
  readonly bufferedBytesMax: number;
  /** The same for all readers of the relay together; default 256 MiB. The one for which most waits falls behind. */
  readonly bufferedBytesMaxInAll: number;
  /** Most frames that may wait while a session's room loads, before it is closed with 4508; default 4,096. Their bytes are bounded too: the socket is not read meanwhile. */
  readonly backlogFramesMax: number;
  /** Most sessions in one room; further ones are refused with 503 before the upgrade; default 20,000. */
  readonly sessionsPerRoomMax: number;
  /**
   * Most WebSockets from one address, of rooms and of the control channel together; further ones are refused with 429 before the upgrade. Default 256, but any number from
   * this machine itself: tests and proxies come from there. A number that is given holds for this machine too.
   */
  readonly sessionsPerAddressMax: number | null;
  /** Most rooms in memory; others are refused with 503 until one is left by everybody; default 10,000. */
  readonly roomsMax: number;
  /**
   * Most bytes of one room's document; an update that would go beyond closes its session with 4413, and all else goes on; default 128 MiB. Updates that only delete pass,
   * so that a full document can be made smaller. A larger document that is in the store already is loaded all the same.
   */
  readonly documentBytesMax: number;
  /**
   * Most bytes of one room's records, which stay in memory; records that would go beyond close their session with 4413; default 64 MiB.
   * Records that are in the store already are loaded all the same.
   */
  readonly recordBytesMax: number;
  /** The same for all rooms of the relay together; default 256 MiB. */
  readonly recordBytesMaxInAll: number;
  /** Most awareness clients in one room, and in one message; further ones are dropped, and who sent them is told; default 4,096. */
  readonly awarenessClientsMax: number;
  /** Most bytes of one client's awareness state, as JSON in UTF-8; a larger one is dropped, and who sent it is told; default 64 KiB. */
  readonly presenceBytesMax: number;
  /** Most bytes of all awareness states of a room together; what goes beyond is dropped, and who sent it is told; default 16 MiB. */
  readonly presencePerRoomBytesMax: number;
  /** Most replica names that a room gives away for good, and replicas that its records are of; a hello or a record with a further one closes with 4413; default 10,000. */
  readonly replicasPerRoomMax: number;
}

export const defaultRelayLimits: RelayLimits = {
  payloadBytesMax: 16 * 1024 * 1024,
  bufferedBytesMax: 32 * 1024 * 1024,
  bufferedBytesMaxInAll: 256 * 1024 * 1024,
  backlogFramesMax: 4_096,
  sessionsPerRoomMax: 20_000,
  sessionsPerAddressMax: null,
  roomsMax: 10_000,
  documentBytesMax: 128 * 1024 * 1024,
  recordBytesMax: 64 * 1024 * 1024,
  recordBytesMaxInAll: 256 * 1024 * 1024,
  awarenessClientsMax: 4_096,
  presenceBytesMax: 64 * 1024,
  presencePerRoomBytesMax: 16 * 1024 * 1024,
  replicasPerRoomMax: 10_000,
};

/** What of presence a room takes. */
export function awarenessLimits({ awarenessClientsMax, presenceBytesMax, presencePerRoomBytesMax }: RelayLimits): { readonly clientsMax: number; readonly stateBytesMax: number; readonly bytesMax: number } {
  return { clientsMax: awarenessClientsMax, stateBytesMax: presenceBytesMax, bytesMax: presencePerRoomBytesMax };
}

/** What holds for addresses of other machines where no number is given. */
export const sessionsPerForeignAddressMax = 256;

/** The limits that were given, and the defaults for the others. Throws a RangeError for one that is no whole number above 0. */
export function relayLimits(given: Partial<RelayLimits>): RelayLimits {
  const limits = { ...defaultRelayLimits };
  for (const name of Object.keys(defaultRelayLimits) as (keyof RelayLimits)[]) {
    const value = given[name];
    if (value === undefined || (value === null && name === 'sessionsPerAddressMax')) continue;
    if (!Number.isSafeInteger(value) || (value as number) < 1) throw new RangeError(`${name} is a whole number above 0, not ${String(value)}`);
    Object.assign(limits, { [name]: value });
  }
  return limits;
}
