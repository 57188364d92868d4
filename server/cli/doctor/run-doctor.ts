/** `rejoin doctor`: why two Yjs documents differ, or the islands of a room. */
import { errorText } from '../../../shared/encoding/error-text.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';
import type { DoctorRequest, RoomAddress } from './doctor-command-line.ts';
import { type Examined, examinationJson, examinationLines, examine, isSound } from './doctor-report.ts';
import { roomDocuments } from './doctor-room.ts';
import { readDocumentFile } from './doctor-source.ts';
import { laidOut } from '../console/laid-out.ts';
import { oneLine } from '../console/one-line.ts';
import type { StandardStreams } from '../console/standard-streams.ts';
import { standardInput } from '../unpacked-file.ts';

/** Returns the exit code: 0 equal or sound, 1 they differ or something is wrong, 2 something cannot be read. */
export async function runDoctor({ of, token, json }: DoctorRequest, streams: StandardStreams): Promise<number> {
  try {
    const examination = 'room' in of ? examine(await inRoom(of, token), true) : examine(await inFiles(of), false);
    streams.out(json ? `${JSON.stringify(examinationJson(examination))}\n` : laidOut(`${examinationLines(examination).map(oneLine).join('\n')}\n`, streams.columns));
    return isSound(examination) ? 0 : 1;
  } catch (error) {
    streams.err(`${oneLine(`rejoin doctor: ${errorText(error)}`)}\n`);
    return 2;
  }
}

async function inFiles(files: readonly string[]): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (const name of files) examined.push({ name: name === standardInput ? 'standard input' : name, document: (await about(name, () => readDocumentFile(name))).document });
  return examined;
}

function inRoom(address: RoomAddress, token: string | null): Promise<Examined[]> {
  return about(`${address.origin}/${address.room}`, () => roomDocuments(address, token));
}

/** Says in the complaint which file or room it is about. */
async function about<Result>(name: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    throw new UnreadableInput(`${name}: ${error.line === null ? '' : `line ${error.line}: `}${error.message}`);
  }
}
