/** What the words after `rejoin start` ask for, and its help. */
import { roomNameProblem } from '../../../shared/protocol/room-name.ts';
import type { Environment } from '../command.ts';
import { labOptionsHelp, type LabRequest, labRoom, labValues, readLabOptions, readLogLevel } from '../lab/lab-command-line.ts';
import { type Options, textOption, wholeNumber } from '../options.ts';
import { UsageError } from '../usage-error.ts';

/** As many replicas have a letter of their own. */
const replicasMax = 9;

export const startHelp = `Opens the lab: a control room and replica windows, side by side.

Usage: rejoin start [options]

Options:
  --replicas N   replica windows, named A, B, C, … (1 to 9, default 3)
  --room ROOM    room that they share (default lab; with --scenario, one of its name)
  --scenario S   play a scenario in the windows: a file, or a name of the catalogue (rejoin run --list); its room is emptied
  --no-open      open no windows; print the addresses instead
${labOptionsHelp}

Electron windows are used if Electron's runtime is there (ELECTRON_OVERRIDE_DIST_PATH names its folder) or can be fetched, else windows of an installed Chromium, Chrome or Edge (REJOIN_BROWSER names one), else the addresses are printed. Ctrl-C ends everything; a second Ctrl-C at once.

Examples:
  rejoin start --replicas 4
  rejoin start --scenario last-seat
  rejoin start --no-open --port 0 --json
`;

const options = {
  replicas: { type: 'string' },
  room: { type: 'string' },
  scenario: { type: 'string' },
  'no-open': { type: 'boolean' },
} satisfies Options;

/** Null: help is asked for. */
export function readStartCommandLine(words: readonly string[], environment: Environment): LabRequest | null {
  const values = labValues('start', words, options);
  if (values === null) return null;
  const open = !values['no-open'];
  const scenario = textOption('start', values, 'scenario');
  if (scenario !== null && values['replicas'] !== undefined) throw new UsageError('rejoin start: the scenario says how many replicas there are; leave out --replicas or --scenario');
  return {
    command: 'start',
    open,
    replicas: wholeNumber('start: --replicas', textOption('start', values, 'replicas') ?? '3', open ? 1 : 0, replicasMax),
    ...readLabOptions('start', values, environment),
    redis: null,
    room: roomName(textOption('start', values, 'room') ?? roomOf(scenario)),
    scenario,
    log: readLogLevel('start', values),
  };
}

/** A scenario empties its room: it gets one of its own. */
function roomOf(scenario: string | null): string {
  if (scenario === null) return labRoom;
  const name = scenario.split(/[\\/]/).at(-1)!.replace(/\.(ya?ml|json)$/, '').replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64);
  return name === '' ? 'scenario' : name;
}

function roomName(text: string): string {
  const problem = roomNameProblem(text);
  if (problem !== null) throw new UsageError(`rejoin start: --room: ${problem}`);
  return text;
}
