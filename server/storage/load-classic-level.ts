/**
 * LevelDB comes as the package classic-level, which holds native code. Who installs Rejoin as a
 * library has it only by their own wish, so it is loaded when a folder is opened, not before.
 * docs/decisions/0042.
 */
import type { ClassicLevel } from 'classic-level';

/** Rejects with one line that says what to do where the package is not installed. */
export async function loadClassicLevel(): Promise<typeof ClassicLevel> {
  try {
    return (await import('classic-level')).ClassicLevel;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const missing = 'rooms are kept by the package classic-level, which is not installed here';
    throw new Error(`${missing}; npm install classic-level`);
  }
}
