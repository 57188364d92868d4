/** The folder of all that a relay keeps. */
import { chmod, mkdir, stat } from 'node:fs/promises';

/** Only the user who runs the relay may look into it. */
const ownerOnly = 0o700;

/**
 * Makes the folder where there is none, for its owner alone. Resolves to one line where one that is there already lets
 * other users of this machine in, else to null. Rejects where it cannot be made.
 */
export async function openDataFolder(folder: string): Promise<string | null> {
  const made = await mkdir(folder, { recursive: true, mode: ownerOnly });
  // Windows has no such rights; a mask may have taken more away than it should.
  if (process.platform === 'win32') return null;
  if (made !== undefined) return chmod(folder, ownerOnly).then(() => null);
  const rights = (await stat(folder)).mode & 0o777;
  if ((rights & ~ownerOnly) === 0) return null;
  return `The data folder ${folder} can be read by other users of this machine (mode ${rights.toString(8)}); to keep them out: chmod 700 ${folder}`;
}
