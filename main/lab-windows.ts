/** The windows of the lab: the control room and the replicas. */
import { BrowserWindow, nativeTheme, type Rectangle, screen, type Session, session } from 'electron';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import { errorText } from '../shared/encoding/error-text.ts';
import { pageAddress, type PageName } from './page-address.ts';
import { partitionOf, windowOptions, windowTitle } from './window-options.ts';
import { cascade, tile } from './window-tiles.ts';

export interface LabWindowsOptions {
  readonly server: string;
  readonly room: string;
  readonly preload: string;
  /** Called once for each session before a page loads in it. */
  readonly guard: (session: Session) => void;
}

/** On Linux a window's bounds leave out the title bar that the window manager puts on it: about this many pixels. */
const titleBarHeight = process.platform === 'linux' ? 28 : 0;

export class LabWindows {
  private readonly windows = new Map<string, BrowserWindow>();
  private readonly guarded = new Set<Session>();
  private later = 0;

  constructor(private readonly options: LabWindowsOptions) {}

  /** Opens the control room and these replicas, tiled over the primary display in reading order. */
  openAll(replicas: readonly ReplicaId[]): void {
    const pages: PageName[] = [{ kind: 'control-room' }, ...replicas.map((replica) => ({ kind: 'replica', replica }) as const)];
    const places = tile(pages.length, screen.getPrimaryDisplay().workArea, titleBarHeight);
    // The control room has the keyboard first.
    pages.forEach((page, index) => this.open(page, places[index]!, page.kind === 'control-room'));
  }

  /** Opens the window of a replica, or brings it to the front. */
  openReplica(replica: ReplicaId): void {
    const page: PageName = { kind: 'replica', replica };
    const open = this.windows.get(partitionOf(page));
    if (open === undefined) return this.open(page, cascade(this.later++, screen.getPrimaryDisplay().workArea), true);
    if (open.isMinimized()) open.restore();
    open.focus();
  }

  /** Brings all windows to the front, as when the program is started a second time. */
  focusAll(): void {
    for (const window of this.windows.values()) {
      if (window.isMinimized()) window.restore();
      window.focus();
    }
  }

  private open(page: PageName, bounds: Rectangle, inFront: boolean): void {
    const partition = partitionOf(page);
    this.guardOnce(session.fromPartition(partition));
    const window = new BrowserWindow(windowOptions({ page, bounds, preload: this.options.preload, dark: nativeTheme.shouldUseDarkColors }));
    this.windows.set(partition, window);
    window.on('closed', () => this.windows.delete(partition));
    // The title says which replica it is, whatever the page calls itself.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.setTitle(windowTitle(page));
    window.once('ready-to-show', () => (inFront ? window.show() : window.showInactive()));
    window.webContents.on('render-process-gone', (_event, { reason }) => console.error(`${windowTitle(page)}: its page ended (${reason}); reload it from the View menu.`));
    window.loadURL(pageAddress(page, this.options.server, this.options.room)).catch((error: unknown) => {
      console.error(`${windowTitle(page)} could not be loaded: ${errorText(error)}`);
    });
  }

  private guardOnce(partition: Session): void {
    if (this.guarded.has(partition)) return;
    this.guarded.add(partition);
    this.options.guard(partition);
  }
}
