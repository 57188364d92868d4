/** The bridge to a page: all that it can ask of the program. Runs in the sandbox, apart from the page's own scripts. */
import { contextBridge, ipcRenderer } from 'electron';
import { openReplicaChannel } from './host-channel.ts';

contextBridge.exposeInMainWorld('rejoinHost', {
  kind: 'electron',
  openReplica: async (name: string): Promise<void> => {
    await ipcRenderer.invoke(openReplicaChannel, String(name));
  },
});
