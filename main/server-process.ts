/**
 * The process in which the lab's server runs when this program starts it: a CommonJS door to the server's ES modules.
 * Its first argument is the file of the server; the rest are for the server.
 */
import { pathToFileURL } from 'node:url';

const [program, ...words] = process.argv.slice(2);

// Asked to end, the server closes its store first, as it does at a signal. A message works on every system.
(process as unknown as { parentPort: { on(event: 'message', listener: (event: { data: unknown }) => void): void } }).parentPort.on('message', ({ data }) => {
  if (data === 'stop') process.emit('SIGTERM', 'SIGTERM');
});

process.argv = [process.execPath, program!, ...words];
import(pathToFileURL(program!).href).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
