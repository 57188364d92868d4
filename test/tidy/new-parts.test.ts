/** What a new part of the program takes: a made-up one is added to the source in memory, and works. */
import { expect, test } from 'vitest';
import { loadChanged, type Variant } from '../support/shared-variant.ts';
import type * as Codec from '../../shared/protocol/codec.ts';
import type * as ReadScenario from '../../shared/scenarios/read-scenario.ts';
import type * as CheckScenario from '../../shared/scenarios/check-scenario.ts';
import type * as Registry from '../../shared/strategies/registry.ts';
import { readSources } from './source-files.ts';

const change = (file: string, find: string, put: string): Variant => ({ name: 'a new part', file, find, put });
const filesOf = (changes: readonly Variant[]): number => new Set(changes.map(({ file }) => file)).size;

const descriptor = `
export const majorityDescriptor = {
  id: 'majority',
  name: 'Majority',
  settings: {
    key: 'majority',
    defaults: { patient: false },
    form: [{ legend: null, inputs: [{ kind: 'switch', name: 'patient', off: false, on: true, label: 'Patient', help: 'it waits longer' }] }],
    words: ({ patient }) => (patient ? 'patient' : 'in a hurry'),
    note: (_settings, { members }) => \`\${members.length} vote\`,
  },
  coordination: {
    placeOf: ([version, replaces]) => placeFrom(version, '', 0, replaces),
    chain: 'all-accepted',
    catchesUp: true,
    answersAlone: () => false,
  },
} as const;
`;

/** It borrows the rules of consensus: what is proved is where it is named. */
const added = {
  'shared/strategies/majority/descriptor.ts': `import { placeFrom } from '../place.ts';\n${descriptor}`,
  'shared/strategies/majority/majority.ts': `
import { Consensus } from '../consensus/consensus.ts';
export class Majority extends Consensus { id = 'majority'; }`,
};

const strategyChanges = [
  change('shared/history/record.ts', "'single-leader'] as const", "'single-leader', 'majority'] as const"),
  change('shared/strategies/registry.ts', 'singleLeaderDescriptor,\n] as const', 'singleLeaderDescriptor, majorityDescriptor] as const'),
  change('shared/strategies/registry.ts', "import { crdtDescriptor } from './yjs/descriptor.ts';", "import { crdtDescriptor } from './yjs/descriptor.ts'; import { majorityDescriptor } from './majority/descriptor.ts';"),
  change('shared/strategies/strategy-set.ts', '} satisfies Record<StrategyId, Copy>', 'majority: copy(new Majority(schema), () => defaultConsensusSettings) } satisfies Record<StrategyId, Copy>'),
  change('shared/strategies/strategy-set.ts', "import type { Strategy } from './strategy.ts';", "import type { Strategy } from './strategy.ts'; import { Majority } from './majority/majority.ts';"),
];

const scenario = `title: The last seat
replicas: [A, B, C]
strategies: [crdt, majority]
settings: { majority: { patient: true } }
fields: { seats: { type: stock, initial: 1 } }
steps:
  - offline: C
  - { at: A, reserve: seats }
  - { at: C, reserve: seats }
  - online: C
expect:
  crdt: { oversold: 1 }
  majority: { kept: 1, refused: 1, oversold: 0, strongest: linearizable }
`;

test('a strategy: a folder, and a line in three files; it is set, runs, and is judged', async () => {
  expect(filesOf(strategyChanges)).toBe(3);
  const load = loadChanged(strategyChanges, added);
  const { settingsWords, strategyNames, strategyNote } = load('shared/strategies/registry.ts') as unknown as typeof Registry;
  const { readScenario } = load('shared/scenarios/read-scenario.ts') as unknown as typeof ReadScenario;
  const { checkScenario } = load('shared/scenarios/check-scenario.ts') as unknown as typeof CheckScenario;
  const id = 'majority' as never;
  const read = readScenario(scenario, 'made-up');
  expect(() => readScenario(scenario.replace('patient: true', 'patient: perhaps'), 'made-up')).toThrow('settings.majority.patient');
  expect([strategyNames[id], settingsWords(id, read.settings)]).toEqual(['Majority', 'patient']);
  expect(strategyNote(id, read.settings, { self: 'A', members: ['A', 'B', 'C'], leader: 'A' })).toBe('3 vote');
  const { broken, run } = await checkScenario(read, { seed: 1 });
  expect([broken, run.room.troubles]).toEqual([[], []]);
  expect(run.judgements.map(({ sentence, outcome }) => [sentence, outcome])).toEqual(run.judgements.map(({ sentence }) => [sentence, 'holds']));
  expect(run.judgements).toHaveLength(5);
});

test('a message: a row of the table; beside it only what handles it', () => {
  const row = change(
    'shared/protocol/messages.ts',
    'fields: {},\n  },\n} as const satisfies',
    "fields: {},\n  },\n  wave: { from: 'window', about: 'Made up.', fields: { peer: replicaName, roster: varUint } },\n} as const satisfies",
  );
  const { decodeMessage, encodeMessage, kindOf } = loadChanged([row])('shared/protocol/codec.ts') as unknown as typeof Codec;
  const wave = { kind: 'wave', peer: 'A', roster: 3 } as never;
  expect(decodeMessage(encodeMessage(wave))).toEqual(wave);
  expect(kindOf(encodeMessage(wave))).toBe('wave');
});

/** The panels of the control room, and the files of windows that name them: where they stand, and how they are laid out. */
const panels = ['agreement-panel', 'consistency-lines', 'cost-bars', 'lab-map', 'replication-charts'];
const liveRoom = 'renderer/elements/control-room/';

test.each(panels)('a panel of the control room: %s is named by the room and its styles, and where a saved history is shown', (tag) => {
  const own = new RegExp(`/${tag}(-styles)?\\.ts$`);
  const naming = readSources(['renderer']).filter(({ path, text }) => !own.test(path) && new RegExp(`[<'./]${tag}\\b|${tag} \\{`).test(text)).map(({ path }) => path);
  expect(naming).toContain(`${liveRoom}control-room.ts`);
  const others = naming.filter((path) => !['control-room.ts', 'control-room-styles.ts', 'saved-room.ts'].map((file) => liveRoom + file).includes(path));
  expect(others).toEqual([]);
});
