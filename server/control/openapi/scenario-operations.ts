import { paceMsSchema, roomNameSchema, speedSchema } from '../../../shared/control/schemas.ts';
import type { ApiOperation, OperationAnswer } from './api-operation.ts';

const scenario = {
  name: 'last-seat', title: 'The last seat', lookAt: 'Seats left under the CRDT and under consensus.', replicas: ['A', 'B', 'C'],
  steps: [{ does: 'A reserves a seat', say: 'Ann takes the last seat.', fields: ['seats'], beganMs: 1_795_939_200_000, endedMs: 1_795_939_201_200 }], beganMs: 1_795_939_200_000, begun: 1, done: 1, state: 'over', trouble: null,
  judgements: [{ path: 'expect.consensus.oversold', outcome: 'holds', sentence: 'Consensus: oversold is 0.' }],
};

const progress: OperationAnswer = { kind: 'json', shape: 'ChosenScenario', description: 'How far it is', example: { ...scenario, steps: scenario.steps.map((step) => ({ ...step, beganMs: null, endedMs: null })), beganMs: null, begun: 0, done: 0, state: 'waiting', trouble: 'waiting for replicas A, B, C', judgements: [] } };

export const scenarioOperations: readonly ApiOperation[] = [
  {
    method: 'get', path: '/-/api/scenarios', id: 'listScenarios', tag: 'Scenarios', problems: [],
    summary: 'The catalogue of scenarios; those of presets come last, and then those that came to the room as texts',
    query: [{ name: 'room', description: 'Whose texts are told, too; left out: only the catalogue', shape: roomNameSchema, example: 'lab' }],
    answer: { kind: 'json', shape: 'Catalogue', description: 'What there is to choose from', example: [{ name: 'last-seat', title: scenario.title, lookAt: scenario.lookAt, replicas: scenario.replicas }] },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/scenario', id: 'getScenario', tag: 'Scenarios', problems: [404],
    summary: 'How far the scenario of the room is, and in the end its judgements',
    answer: { kind: 'json', shape: 'ChosenScenario', description: 'null where none was chosen', example: scenario },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/scenario', id: 'chooseScenario', tag: 'Scenarios', problems: [400, 404, 409, 413],
    summary: "Chooses a scenario: empties the room and gives it the scenario's document, strategies and settings, with its columns on stage",
    description: 'It waits until every replica that it names has a window, then for somebody to play it. A mistake in a text names its line. A relay that shares its rooms with others plays none.',
    body: { shape: 'ScenarioChoice', examples: { catalogue: { name: 'last-seat' }, text: { text: 'title: Votes\nfields: { votes: { type: counter } }\nsteps:\n  - { at: A, increment: votes }\n' } } },
    answer: progress,
  },
  {
    method: 'delete', path: '/-/api/rooms/:room/scenario', id: 'leaveScenario', tag: 'Scenarios', problems: [404],
    summary: "Back to the lab's own document and the settings and columns of before the scenario, the room empty",
    answer: { kind: 'nothing', description: 'No scenario is chosen' },
  },
  {
    method: 'post', path: '/-/api/rooms/:room/scenario/play', id: 'playScenario', tag: 'Scenarios', problems: [400, 404, 409],
    summary: 'Plays on',
    query: [
      { name: 'paceMs', description: 'How long people see each step, in milliseconds; left out: as long as its sentence takes to read', shape: paceMsSchema, example: 0 },
      { name: 'speed', description: 'How fast they read: 1 if it is left out; it does nothing beside paceMs', shape: speedSchema, example: 1 },
    ],
    answer: progress,
  },
  {
    method: 'post', path: '/-/api/rooms/:room/scenario/pause', id: 'pauseScenario', tag: 'Scenarios', problems: [404, 409],
    summary: 'Stops before the next step',
    answer: progress,
  },
  {
    method: 'post', path: '/-/api/rooms/:room/scenario/step', id: 'stepScenario', tag: 'Scenarios', problems: [404, 409],
    summary: 'Does one step',
    answer: progress,
  },
];
