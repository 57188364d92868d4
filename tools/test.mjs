// `npm test` and `npm run test:gate`: set up what is missing, then run every check that this machine can run. Arguments go to vitest:
//   npm test -- test/shared -t "a tie"
import { requireNode } from './node-version.mjs';
import { endWithNpm } from './npm-watch.mjs';

requireNode();
endWithNpm();
import('./run-tests.mjs').then(({ runTests }) => runTests(process.argv.slice(2)));
