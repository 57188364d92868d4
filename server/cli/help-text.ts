/** The texts of --help. */
import type { HelpTopic } from './command-line.ts';
import { doctorHelp } from './doctor/doctor-command-line.ts';
import { replayHelp } from './replay/replay-command-line.ts';
import { runHelp } from './run/run-command-line.ts';

const overview = `Rejoin, an offline-first sync lab.

Usage: rejoin COMMAND [options]

Commands:
  start   open the lab: a control room and several replica windows
  relay   run only the relay and its control API, for your own app
  run     scenarios and random runs without windows, with exit codes for a CI job
  replay  a saved history, or a recording of people typing, through the strategies
  doctor  why two Yjs documents differ, or the sides of a divided room

Examples:
  rejoin start
  rejoin start --replicas 4
  rejoin relay --port 1234
  rejoin run last-seat
  rejoin replay history.jsonl
  rejoin doctor phone.bin laptop.bin

rejoin COMMAND --help tells more about a command; rejoin --version says which one this is.

In a terminal, text and tables are as wide as the terminal; the variable COLUMNS sets another width. In a file or a pipe no line is broken, unless COLUMNS is set.
`;

const shared = `  --port P       port to listen on; the next free one if it is taken (default 1234; 0: any)
  --host H       address of this machine to listen on (default 127.0.0.1); one that other machines reach, such as 0.0.0.0, needs --token
  --token [T]    what every client must bring, 16 characters or more (fewer than 22 may be guessed); without T one is made up and told
  --token-file F
                 a file with the token on one line; then no list of processes shows it, as with the variable REJOIN_TOKEN
  --read-token T
                 a token of clients that only read (or the variable REJOIN_READ_TOKEN); beside --token
  --token-query N
                 a further name for the token in addresses: with auth, ?auth=T does what ?token=T does
  --tls-cert F   certificate and key, in PEM, for https and wss
  --tls-key F
  --host-name N  a further name that this machine is called by, such as lab.example; may be given several times
  --data DIR     folder for all that is kept (default: your data folder for Rejoin)
  --repair       first copy the data folder, then rebuild it from all that can be read of it (docs/relay.md, "Repair")
  --allow-origin O
                 pages and apps of this origin may use the relay: http://localhost:5173, https://*.example.com (one or more labels), capacitor://localhost, vscode-webview://*, file:// or null; may be given several times
  --trusted-proxy A
                 a proxy's address or range (10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto count; may be given several times
  --gc off       documents keep what was deleted, for apps that keep versions (Y.Snapshot); default on
  --log LEVEL    tell what happens on standard error, a JSON object a line: error, warn, info or debug (default: only trouble, as plain lines)
  --max-rooms N                  rooms in memory (default 10000)
  --max-sessions N               sessions in one room (default 20000)
  --max-sessions-per-address N   connections from one address (default 256; from this machine: any)
  --max-document-mib N           size of one room's document (default 128)
  --max-payload-mib N            size of one message (default 16)
  --max-presence-kib N           size of what one client says of itself (awareness; default 64)
  --max-room-presence-kib N      size of that of all clients of a room (default 16384)
  --json         print only one line of JSON on standard output, when ready
  --help, -h     this text`;

const start = `Opens the lab: a control room and replica windows, side by side.

Usage: rejoin start [options]

Options:
  --replicas N   replica windows, named A, B, C, … (1 to 9, default 3)
  --room ROOM    room that they share (default lab; with --scenario, one of its name)
  --scenario S   play a scenario in the windows: a file, or a name of the catalogue (rejoin run --list); its room is emptied
  --no-open      open no windows; print the addresses instead
${shared}

Electron windows are used if Electron's runtime is there (ELECTRON_OVERRIDE_DIST_PATH names its folder) or can be fetched, else windows of an installed Chromium, Chrome or Edge (REJOIN_BROWSER names one), else the addresses are printed. Ctrl-C ends everything; a second Ctrl-C at once.

Examples:
  rejoin start --replicas 4
  rejoin start --scenario last-seat
  rejoin start --no-open --port 0 --json
`;

const relay = `Runs the relay and its control API. Any y-websocket client can join a room at ws://HOST:PORT/ROOM.

Usage: rejoin relay [options]

Options:
  --redis URL    share the rooms with other relays through this Redis: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], rediss:// for TLS; then nothing is kept in a folder (docs/many-relays.md tells what Redis must promise)
${shared}

REJOIN_REDIS_PASSWORD is the password of Redis, where it is not to be seen on the command line.

Examples:
  rejoin relay
  rejoin relay --port 4000 --data ./relay-data
  rejoin relay --allow-origin http://localhost:5173
  rejoin relay --host 0.0.0.0 --token
  rejoin relay --redis redis://10.0.0.5:6379
  curl http://127.0.0.1:1234/-/api/rooms
  curl http://127.0.0.1:1234/-/metrics
`;

export function helpText(topic: HelpTopic): string {
  if (topic === 'run') return runHelp;
  if (topic === 'replay') return replayHelp;
  if (topic === 'doctor') return doctorHelp;
  return topic === 'start' ? start : topic === 'relay' ? relay : overview;
}
