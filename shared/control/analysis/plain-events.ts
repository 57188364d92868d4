/** Events as plain data, so that they can go to another thread. */
import { VersionVector } from '../../clocks/version-vector.ts';
import type { RoomEvent } from '../../history/room-event.ts';

/** An event whose version vectors are lists of entries. */
export type PlainEvent = Omit<RoomEvent, 'payload'> & { readonly payload: unknown };

export function plainEvents(events: readonly RoomEvent[]): PlainEvent[] {
  return events.map((event) => (event.kind === 'arrived' ? { ...event, payload: { ...event.payload, has: event.payload.has.entries() } } : event));
}

export function eventsFrom(events: readonly PlainEvent[]): RoomEvent[] {
  return events.map((event) => {
    if (event.kind !== 'arrived') return event as RoomEvent;
    const { has, ...rest } = event.payload as { readonly has: readonly (readonly [string, number])[] };
    return { ...event, payload: { ...rest, has: VersionVector.of(has) } } as RoomEvent;
  });
}
