/**
 * What goes over the control channel (`/-/control`, JSON text frames). It is the observer's own line: a partition never cuts it, it never carries document
 * data, and no strategy may learn anything from it.
 */
import type { ReplicaId } from '../clocks/dot.ts';
import type { ReplicaStatus } from './replica-status.ts';
import type { RoomView } from './room-view.ts';
import type { WindowCommand } from './window-commands.ts';

export type ControlMessage =
  /** Server → everybody, on opening and after each change. */
  | { readonly kind: 'lab'; readonly relayOnline: boolean; readonly room: RoomView }
  /** Replica window → server, on opening and after each change. */
  | { readonly kind: 'status'; readonly status: ReplicaStatus }
  /** Control room → server → that replica window: set its network switch. */
  | { readonly kind: 'network'; readonly replica: ReplicaId; readonly online: boolean }
  /**
   * Control room → server: all windows of the room shall show their state at this moment, in milliseconds since the Unix epoch, by true time as the events
   * of the history have it; null: now. Fractions are rounded. Refused from a replica window.
   * Server → everybody of the room, the sender too, after each change; changes that come quickly go out as one. A page that connects is told after its first
   * `lab`, and only of a moment: where nothing comes it is now, also for a page that was told of a moment before it lost its connection.
   */
  | { readonly kind: 'moment'; readonly atMs: number | null }
  /** Server → all windows of the room: the room was emptied; start over. */
  | { readonly kind: 'emptied' }
  /** Server → a replica window: do this, and say so. */
  | { readonly kind: 'do'; readonly id: number; readonly command: WindowCommand }
  /** Replica window → server: what it noted, from the note of this number on, counted from 1; none: it asks how many of its notes are there. */
  | { readonly kind: 'notes'; readonly instance: string; readonly from: number; readonly notes: readonly object[] }
  /** Server → that window: so many notes of this copy of its storage are there. */
  | { readonly kind: 'noted'; readonly instance: string; readonly upTo: number }
  /** Replica window → server: what time is it? By its own clock it is `sentMs`. Times in milliseconds since the Unix epoch. */
  | { readonly kind: 'ask-time'; readonly sentMs: number }
  /** Server → that window. */
  | { readonly kind: 'time'; readonly sentMs: number; readonly serverMs: number }
  /** Replica window → server: the answer, or why it could not be done. */
  | { readonly kind: 'done'; readonly id: number; readonly value?: unknown; readonly error?: string };
