// `npm run package -- ARGS`: builds, then packages the desktop program by electron-builder; its arguments go there (--linux dir).
import { requireNode } from './node-version.mjs';

requireNode();
import('./package-desktop.mjs').then(({ packageDesktop }) => packageDesktop(process.argv.slice(2)));
