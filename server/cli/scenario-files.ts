/** Finds and reads scenarios: files, and those of the catalogue by name. */
import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { errorText } from '../../shared/encoding/error-text.ts';
import { readScenario, textLengthMax } from '../../shared/scenarios/read-scenario.ts';
import type { Scenario } from '../../shared/scenarios/scenario.ts';
import type { RawScenario } from '../../shared/scenarios/scenario-format.ts';
import { scenarioShape } from '../../shared/scenarios/scenario-format.ts';
import { scenarioFile, scenarioFolders, scenarioNames } from '../../shared/scenarios/scenario-names.ts';
import { projectFolder, scenariosFolder } from './program-folders.ts';
import { decodedText, standardInput } from './unpacked-file.ts';
import { UsageError } from './usage-error.ts';

export interface ScenarioFile {
  /** As the person named it. */
  readonly file: string;
  /** In the catalogue; null: it is a file. */
  readonly name: string | null;
  readonly scenario: Scenario;
  readonly text: string;
}

/** The names in the catalogue, in their order; those of presets come last. */
export function catalogueNames(): string[] {
  const folder = scenariosFolder(projectFolder());
  return scenarioFolders.flatMap((name) => scenarioNames(name, readdirSync(join(folder, name))));
}

/** Rejects with a UsageError of one line that names the file, the line where there is one, and what was expected. */
export async function readScenarioFile(file: string, command: 'run' | 'start' = 'run'): Promise<ScenarioFile> {
  if (file === standardInput) return scenarioIn(await textOfStandardInput(command), 'standard input', command);
  const named = catalogueNames().includes(file) ? scenarioFile(file) : null;
  const text = await textOf(named === null ? file : join(scenariosFolder(projectFolder()), named), file, command);
  return { ...scenarioIn(text, file, command), name: named === null ? null : file };
}

function scenarioIn(text: string, file: string, command: string): ScenarioFile {
  try {
    return { file, name: null, text, scenario: readScenario(text, file) };
  } catch (error) {
    throw new UsageError(`rejoin ${command}: ${errorText(error)}`);
  }
}

/** A scenario as it is written, for what is made from it. It was read before, so that nothing can be wrong with it. */
export function rawOf({ text }: ScenarioFile): RawScenario {
  return scenarioShape.parse(parse(text));
}

async function textOfStandardInput(command: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > 4 * textLengthMax) throw new UsageError(`rejoin ${command}: standard input: it has more than ${(4 * textLengthMax).toLocaleString('en')} bytes`);
    parts.push(part);
  }
  try {
    return decodedText(Buffer.concat(parts));
  } catch (error) {
    throw new UsageError(`rejoin ${command}: standard input: ${(error as Error).message}`);
  }
}

async function textOf(path: string, named: string, command: string): Promise<string> {
  const fail = (message: string): never => {
    throw new UsageError(`rejoin ${command}: ${named}: ${message}`);
  };
  try {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat();
      if (stats.isDirectory()) fail('it is a folder; a scenario file was expected');
      if (stats.size > 4 * textLengthMax) fail(`it has ${stats.size.toLocaleString('en')} bytes; a scenario has at most ${(4 * textLengthMax).toLocaleString('en')}`);
      // Not more than that of something that has no size, such as a pipe.
      const { bytesRead, buffer } = await readUpTo(handle, 4 * textLengthMax + 1);
      if (bytesRead > 4 * textLengthMax) fail(`it has more than ${(4 * textLengthMax).toLocaleString('en')} bytes`);
      return decodedText(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return fail(`there is no such file, and the catalogue has only ${catalogueNames().join(', ')}`);
    return fail(errorText(error));
  }
}

async function readUpTo(handle: Awaited<ReturnType<typeof open>>, bytesMax: number): Promise<{ readonly bytesRead: number; readonly buffer: Buffer }> {
  const parts: Buffer[] = [];
  let bytesRead = 0;
  while (bytesRead < bytesMax) {
    const part = await handle.read(Buffer.alloc(Math.min(65_536, bytesMax - bytesRead)), 0, undefined, null);
    if (part.bytesRead === 0) break;
    parts.push(part.buffer.subarray(0, part.bytesRead));
    bytesRead += part.bytesRead;
  }
  return { bytesRead, buffer: Buffer.concat(parts) };
}
