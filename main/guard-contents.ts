/** What holds for every page in every window: it stays where it is, opens nothing but replica windows, and embeds nothing. */
import type { App, WebContents } from 'electron';
import type { ReplicaId } from '../shared/clocks/dot.ts';
import { replicaIn } from './page-address.ts';

/** Guards all contents that will ever be made; to be called before the first window. */
export function guardAllContents(app: App, openReplica: (replica: ReplicaId) => void): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openReplica));
}

function guardContents(contents: WebContents, openReplica: (replica: ReplicaId) => void): void {
  // A page may load itself again; it may not go anywhere else, and neither may a frame in it.
  contents.on('will-navigate', (event) => {
    if (event.url !== contents.getURL()) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const replica = replicaIn(url);
    if (replica !== null) openReplica(replica);
    return { action: 'deny' };
  });
}
