/** The host bridge: what a page can ask of the program that it runs in. */
import { defaultRoom } from './server-address.ts';

export interface Host {
  readonly kind: 'electron' | 'browser';
  /** Opens a window on a replica. Rejects with a sentence for the person when it cannot. */
  openReplica(name: string): Promise<void>;
}

declare global {
  interface Window {
    /** Put there by the desktop program's preload script. */
    readonly rejoinHost?: Host;
  }
}

/** The program's own bridge where there is one, else the browser's windows. */
export function hostOf(window: Window, room: string): Host {
  return window.rejoinHost ?? browserHost(window, room);
}

/** The path of a replica's page, for windows and links. */
export function replicaPath(name: string, room: string): string {
  const query = room === defaultRoom ? '' : `?room=${encodeURIComponent(room)}`;
  return `/replica/${encodeURIComponent(name)}${query}`;
}

function browserHost(window: Window, room: string): Host {
  return {
    kind: 'browser',
    openReplica(name) {
      // Named, so that asking twice does not open the same replica twice: two windows on one replica's storage would fight over it.
      const opened = window.open(replicaPath(name, room), `rejoin-${room}-${name}`);
      if (opened) return Promise.resolve();
      return Promise.reject(new Error(`The browser blocked the new window. Allow pop-ups for this page, or open ${replicaPath(name, room)} yourself.`));
    },
  };
}
