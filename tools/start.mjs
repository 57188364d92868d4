// `npm start -- ARGS`: installs what is missing, builds, and opens the lab.
import { requireNode } from './node-version.mjs';
import { endWithNpm } from './npm-watch.mjs';

requireNode();
endWithNpm();
import('./run-command.mjs').then(({ runCommand }) => runCommand(['start', ...process.argv.slice(2)]));
