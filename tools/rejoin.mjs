#!/usr/bin/env node
// The command `rejoin`: runs the built command line, building it first when it is missing or out of date in a checkout.
import { requireNode } from './node-version.mjs';
import { endWithNpm } from './npm-watch.mjs';

requireNode();
endWithNpm();
import('./run-command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
