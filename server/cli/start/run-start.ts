/** `rejoin start`: a lab with its windows, until a person ends it. */
import type { Interruption } from '../command.ts';
import type { Output } from '../console/output.ts';
import { announceLab } from '../lab/announce-lab.ts';
import type { LabRequest } from '../lab/lab-command-line.ts';
import { dataFolderOf, openOwnStore } from '../lab/open-own-store.ts';
import { runLab } from '../lab/run-lab.ts';
import { shownToken } from '../lab/token-options.ts';
import { pagesFolder } from '../program-folders.ts';
import { readScenarioFile } from '../scenario-files.ts';
import { addresses, openWindows } from './open-windows.ts';

const letters = 'ABCDEFGHI';

/** Resolves to whether all changes are stored. */
export async function runStart(request: LabRequest, output: Output, interruption: Interruption): Promise<boolean> {
  // Before anything is opened: a mistake in it is told at once.
  const chosen = request.scenario === null ? null : await readScenarioFile(request.scenario, 'start');
  const replicas = chosen?.scenario.replicas ?? [...letters].slice(0, request.replicas);
  const dataFolder = dataFolderOf(request);
  const { room } = request;
  const { ending } = interruption;
  return runLab(request, {
    openStore: (report) => openOwnStore(request, report),
    pagesFolder: (project) => {
      const folder = pagesFolder(project);
      if (folder === null) output.warn('The pages are not built, so the windows will be empty; npm start in a clone of Rejoin builds them.');
      return folder;
    },
    announce: async (running) => {
      const { lab } = running;
      if (chosen) await lab.chooseScenario(room, chosen.name === null ? { text: chosen.text } : { name: chosen.name });
      const shown = request.open ? [] : addresses({ url: lab.url, token: shownToken(running.tokens), room, replicas });
      announceLab(request, running, {
        lines: [`Rejoin is running at ${lab.url}`, ...shown.map((address) => `  ${address}`)],
        invitation: (origin, token) => addresses({ url: origin, token, room, replicas: [] })[0]!,
        replicas,
        keptIn: { data: dataFolder },
      }, output);
    },
    ...(request.open && {
      openWindows: async ({ lab, tokens }, project, opened) => {
        const windows = await openWindows({ url: lab.url, token: tokens.token, room, replicas, dataFolder, project, say: output.say, ending }, opened);
        void windows?.closed().then(() => {
          if (!ending.aborted) output.say('All windows are closed; the relay goes on. Ctrl-C ends it.');
        });
      },
    }),
  }, output, interruption);
}
