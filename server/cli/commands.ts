/** The commands: one row each. What a command does lies in its folder, and is loaded only when it runs. */
import type { Command, CommandRequest } from './command.ts';
import { doctorHelp, readDoctorCommandLine } from './doctor/doctor-command-line.ts';
import { readRelayCommandLine, relayHelp } from './relay/relay-command-line.ts';
import { readReplayCommandLine, replayHelp } from './replay/replay-command-line.ts';
import { readRunCommandLine, runHelp } from './run/run-command-line.ts';
import { runUntilEnded } from './run-until-ended.ts';
import { readStartCommandLine, startHelp } from './start/start-command-line.ts';

/** In the order in which help lists them. */
export const commands = [
  row({
    name: 'start',
    summary: 'open the lab: a control room and several replica windows',
    read: readStartCommandLine,
    run: (request, host) =>
      runUntilEnded(request, host, async (output, interruption) => {
        const { runStart } = await import('./start/run-start.ts');
        return runStart(request, output, interruption);
      }),
    help: startHelp,
  }),
  row({
    name: 'relay',
    summary: 'run only the relay and its control API, for your own app',
    read: readRelayCommandLine,
    run: (request, host) =>
      runUntilEnded(request, host, async (output, interruption) => {
        const { runRelay } = await import('./relay/run-relay.ts');
        return runRelay(request, output, interruption);
      }),
    help: relayHelp,
  }),
  row({
    name: 'run',
    summary: 'scenarios and random runs without windows, with exit codes for a CI job',
    read: readRunCommandLine,
    run: async (request, { streams }) => (await import('./run/run-scenarios.ts')).runScenarios(request, streams),
    help: runHelp,
  }),
  row({
    name: 'replay',
    summary: 'a saved history, or a recording of people typing, through the strategies',
    read: readReplayCommandLine,
    run: async (request, { streams }) => (await import('./replay/run-replay.ts')).runReplay(request, streams),
    help: replayHelp,
  }),
  row({
    name: 'doctor',
    summary: 'why two Yjs documents differ, or the sides of a divided room',
    read: readDoctorCommandLine,
    run: async (request, { streams }) => (await import('./doctor/run-doctor.ts')).runDoctor(request, streams),
    help: doctorHelp,
  }),
] as const;

export type CommandName = (typeof commands)[number]['name'];

type Row = (typeof commands)[number];

/** Undefined where there is no such command. */
export function commandNamed(wanted: CommandName): Row;
export function commandNamed(wanted: string | undefined): Row | undefined;
export function commandNamed(wanted: string | undefined): Row | undefined {
  return commands.find(({ name }) => name === wanted);
}

/** Has the compiler see that `run` takes what `read` makes. */
function row<const Name extends string, Request extends CommandRequest>(command: Command<Request, Name>): Command<Request, Name> {
  return command;
}
