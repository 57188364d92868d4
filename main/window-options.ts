/** The one place where the options of windows are made, so that no window can be less guarded than another. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import type { PageName } from './page-address.ts';

export interface WindowRequest {
  readonly page: PageName;
  /** Where on the screen, in device-independent pixels. */
  readonly bounds: Rectangle;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly dark: boolean;
}

/** Smallest size of a window in which its page can still be used, in device-independent pixels. */
export const windowSizeMin = { width: 360, height: 320 };

export function windowOptions({ page, bounds, preload, dark }: WindowRequest): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: windowSizeMin.width,
    minHeight: windowSizeMin.height,
    title: windowTitle(page),
    show: false,
    backgroundColor: dark ? '#16181d' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      partition: partitionOf(page),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // The spelling checker would fetch dictionaries from the network.
      spellcheck: false,
      // A replica goes on syncing behind other windows, as a phone in a pocket would.
      backgroundThrottling: false,
    },
  };
}

export function windowTitle(page: PageName): string {
  return page.kind === 'replica' ? `Rejoin · Replica ${page.replica}` : 'Rejoin · Control room';
}

/** The storage of a window: one for each replica, so that replicas share nothing but the network. */
export function partitionOf(page: PageName): string {
  return page.kind === 'replica' ? `persist:replica-${caseProof(page.replica)}` : 'persist:control-room';
}

/**
 * Electron folds the names of partitions to lower case, and some file systems do; "A" and "a" are two replicas. So the places of lower-case
 * letters are added as a number: "A" stays "A", "a" becomes "a~1". No name of a replica has a "~".
 */
function caseProof(name: ReplicaId): string {
  const lower = [...name].reduce((bits, letter, at) => (letter === letter.toUpperCase() ? bits : bits | (1n << BigInt(at))), 0n);
  return lower === 0n ? name : `${name}~${lower.toString(16)}`;
}
