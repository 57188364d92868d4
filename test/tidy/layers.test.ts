import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  adapterBreaks,
  adapterFiles,
  importCycles,
  layerBreaks,
  libraryAdapters,
} from './layers.ts';
import { importsOf, projectRoot, readSources, rooms, type SourceFile } from './source-files.ts';

const sources = readSources(rooms);
const examples = readSources(['examples']);
const file = (path: string, text: string): SourceFile => ({ path, text });

/** Every file that holds a concrete adapter. A new one is added here; the test below finds those that are not. */
const adapters = sources.map((each) => each.path).filter((path) => [
  'server/storage/level-store.ts',
  'server/storage/redis-room.ts',
  'server/storage/redis-shared-store.ts',
  'shared/network/seeded-random.ts',
  'shared/simulation/memory-store.ts',
  'shared/simulation/simulated-disk.ts',
  'shared/simulation/simulated-link.ts',
  'shared/simulation/simulated-replica.ts',
  'shared/simulation/virtual-clock.ts',
  'renderer/platform/browser-clock.ts',
  'renderer/providers/indexeddb-store.ts',
  'renderer/providers/relay-connection.ts',
].includes(path));

describe('layers', () => {
  test('main, renderer and server import shared and never each other; inside shared, the relay and the command line a folder imports only those above it', () => {
    expect(layerBreaks(sources)).toEqual([]);
  });

  test('an example imports nothing of the project', () => {
    expect(examples.length).toBeGreaterThan(0);
    expect(layerBreaks(examples)).toEqual([]);
  });

  test.each([
    ['renderer/a.ts', "import { b } from '../server/b.ts';"],
    ['library/a.ts', "import { b } from '../renderer/elements/b.ts';"],
    ['library/a.ts', "import type { b } from '../server/b.ts';"],
    ['renderer/a.ts', "import { b } from '../library/b.ts';"],
    ['server/a.ts', "import type { b } from '../renderer/b.ts';"],
    ['shared/clocks/a.ts', "export { b } from '../../main/b.ts';"],
    ['shared/clocks/a.ts', "import type { b } from '../document/b.ts';"],
    ['shared/strategies/a.ts', "type B = import('../analysis/b.ts').B;"],
    ['shared/analysis/a.ts', "import type { b } from '../control/b.ts';"],
    ['shared/ports/a.ts', "import { b } from '../document/b.ts';"],
    ['shared/encoding/a.ts', "import { b } from '../clocks/b.ts';"],
    ['examples/editor/a.ts', "import type { b } from '../../shared/clocks/b.ts';"],
    ['examples/editor/a.ts', "import { b } from '../other/b.ts';"],
    ['renderer/elements/parts/a.ts', "import { b } from '../fields/b.ts';"],
    ['renderer/elements/control-room/a.ts', "import { b } from '../replica/b.ts';"],
    ['renderer/elements/odds/a.ts', "import { b } from '../parts/b.ts';"],
    ['shared/odds/a.ts', "import { b } from '../clocks/b.ts';"],
    ['shared/relay/session/a.ts', "import type { b } from '../faults/b.ts';"],
    ['shared/relay/faults/a.ts', "import { b } from '../room/b.ts';"],
    ['shared/relay/frames.ts', "import { b } from './document/b.ts';"],
    ['server/relay/sockets/a.ts', "import type { b } from '../relay.ts';"],
    ['server/relay/relay-options.ts', "import type { b } from './relay.ts';"],
    ['shared/control/room/a.ts', "import type { b } from '../channel/b.ts';"],
    ['shared/control/schemas.ts', "import type { b } from './room/b.ts';"],
    ['shared/control/scenarios/a.ts', "import type { b } from '../lab-core.ts';"],
    ['shared/relay/room/a.ts', "import { b } from '../../../server/relay/sockets/b.ts';"],
    ['shared/protocol/a.ts', "import { b } from '../relay/frames.ts';"],
    ['server/relay/sockets/a.ts', "import { b } from '../admission/b.ts';"],
    ['shared/relay/odds/a.ts', "import { b } from '../document/b.ts';"],
    ['shared/relay/room/a.ts', "import { b } from '../odds/b.ts';"],
    ['server/cli/run/a.ts', "import { b } from '../replay/b.ts';"],
    ['server/cli/doctor/a.ts', "type B = import('../start/b.ts').B;"],
    ['server/cli/lab/a.ts', "import type { b } from '../start/b.ts';"],
    ['server/cli/console/a.ts', "import { b } from '../lab/b.ts';"],
    ['server/cli/saved-files.ts', "import type { b } from './run/b.ts';"],
  ])('a wrong import in %s is found: %s', (path, text) => {
    expect(layerBreaks([file(path, text)])).toHaveLength(1);
  });

  test('allowed imports are not reported', () => {
    const allowed = [
      file('shared/history/a.ts', "import { b } from '../clocks/b.ts'; import type { Clock } from '../ports/clock.ts'; import * as Y from 'yjs';"),
      file('shared/clocks/a.ts', "import { b } from '../encoding/b.ts';"),
      file('shared/ports/a.ts', "import type { Dot } from '../clocks/dot.ts';"),
      file('examples/editor/src/a.ts', "import { b } from '../b.ts'; import * as Y from 'yjs';"),
      file('renderer/elements/replica/a.ts', "import { b } from '../fields/b.ts'; import { c } from '../../styles/c.ts';"),
      file('shared/relay/room/a.ts', "import { b } from '../faults/b.ts'; import { c } from '../refusal.ts'; import type { d } from '../storage/d.ts';"),
      file('server/relay/relay.ts', "import { b } from './sockets/b.ts'; import { c } from '../../shared/relay/refusal.ts';"),
      file('shared/relay/frames.ts', "import { b } from './refusal.ts';"),
      file('server/cli/run/a.ts', "import { b } from './b.ts'; import { c } from '../console/c.ts'; import { d } from '../options.ts';"),
      file('server/cli/start/a.ts', "import { b } from '../lab/b.ts'; import { c } from '../../relay/sockets/c.ts';"),
      file('server/cli/commands.ts', "import { b } from './run/b.ts'; import { c } from './console/c.ts';"),
      file('server/control/a.ts', "import type { b } from '../../shared/relay/room/b.ts'; import { c } from '../relay/relay.ts';"),
      file('library/a.ts', "import { b } from '../shared/clocks/b.ts'; import { c } from '../renderer/platform/browser-clock.ts';"),
      file('main/a.ts', "import { b } from '../shared/clocks/b.ts'; import { app } from 'electron';"),
    ];
    expect(layerBreaks(allowed)).toEqual([]);
  });
});

describe('the library', () => {
  /** What these files import, directly or through others. */
  const reached = (from: readonly string[]): ReadonlySet<string> => {
    const found = new Set(from);
    const importsOfPath = new Map(sources.map((each) => [each.path, importsOf(each)]));
    for (const path of found) {
      for (const { to, specifier } of importsOfPath.get(path) ?? []) found.add(to ?? specifier);
    }
    return found;
  };

  const entries = ['index', 'indexeddb', 'websocket', 'contracts'];
  const all = [...reached(entries.map((name) => `library/${name}.ts`))];

  test('hands on three adapters, and no window', () => {
    const windows = /^(main|server|renderer\/(?!providers\/|platform\/browser-clock))/;
    expect(libraryAdapters.filter((each) => !all.includes(each))).toEqual([]);
    expect(all.filter((each) => windows.test(each))).toEqual([]);
  });

  test('imports the packages that package.json says it needs, and no other', () => {
    const packages = all.filter((each) => !each.endsWith('.ts')).map((each) => each.split('/')[0]!);
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      readFileSync(`${projectRoot}package.json`, 'utf8'),
    ) as Record<'dependencies' | 'peerDependencies' | 'peerDependenciesMeta', object>;
    const peers = Object.keys(peerDependencies).filter((name) => !(name in peerDependenciesMeta));
    expect([...new Set(packages)].sort()).toEqual([...Object.keys(dependencies), ...peers].sort());
  });
});

describe('import cycles', () => {
  test('there are none, imports of types included', () => {
    expect(importCycles([...sources, ...examples])).toEqual([]);
  });

  test('a cycle of three files, one import of it a type, is found', () => {
    const cycle = [file('server/a.ts', "import './b.ts';"), file('server/b.ts', "import type { C } from './c.ts';"), file('server/c.ts', "export * from './a.ts';")];
    expect(importCycles(cycle)).toEqual(['server/a.ts → server/b.ts → server/c.ts → server/a.ts']);
  });

  test('two ways to one file are no cycle', () => {
    expect(importCycles([file('server/a.ts', "import './b.ts'; import './c.ts';"), file('server/b.ts', "import './c.ts';"), file('server/c.ts', '')])).toEqual([]);
  });
});

describe('adapters', () => {
  test('only composition roots and tests name a concrete adapter', () => {
    expect(adapterBreaks(readSources([...rooms, 'test']), adapters)).toEqual([]);
  });

  test('an import of an adapter elsewhere is found', () => {
    const bad = file('server/relay/relay.ts', "import { openLevelStore } from '../storage/level-store.ts';");
    expect(adapterBreaks([bad], ['server/storage/level-store.ts'])).toHaveLength(1);
    expect(adapterBreaks([{ ...bad, path: 'server/cli/lab/open-own-store.ts' }], ['server/storage/level-store.ts'])).toEqual([]);
  });

  test('the table above has every adapter', () => {
    expect(adapterFiles(sources).filter((path) => !adapters.includes(path))).toEqual([]);
  });

  test('adapters are recognized by the port that they implement or return', () => {
    const found = adapterFiles([
      file('server/a.ts', 'class A implements Store {}'),
      file('server/b.ts', 'export async function open(): Promise<Transport> { return make(); }'),
      file('server/c.ts', 'class C implements Strategy {} function inner(): Clock { return clock; }'),
    ]);
    expect(found).toEqual(['server/a.ts', 'server/b.ts']);
  });
});
