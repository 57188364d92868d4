/** When the steps of a scenario began and ended, as the control room is told: against the edits of the room's history, with windows' replicas at a real lab. */
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { replicaStatus } from '../../../renderer/controllers/replica-status.ts';
import { answerCommand } from '../../../renderer/controllers/window-commands.ts';
import { ShiftedClock } from '../../../renderer/platform/browser-clock.ts';
import { systemClock } from '../../../server/relay/system-clock.ts';
import { trueMsOf } from '../../../shared/analysis/acknowledgements.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import type { ScenarioView } from '../../../shared/control/scenario-view.ts';
import { parseHistory } from '../../../shared/history/history-file.ts';
import { isEdit } from '../../../shared/history/record.ts';
import { until } from '../../support/until.ts';
import { openWindow } from '../../support/faults-fixture.ts';
import { atEnd, startLab, type TestLab } from '../../support/lab-fixture.ts';

/** A window that does what a scenario asks for. */
async function openObedientWindow(lab: TestLab, name: string): Promise<void> {
  const clock = new ShiftedClock(systemClock);
  const { replica, strategies, connection } = await openWindow(lab, name, { clock });
  const window = {
    replica, strategies,
    status: () => replicaStatus({ replica, strategies, connection }, replica.clock),
    setOnline: (online: boolean) => void (connection.isOnline = online),
    setSkewMs: (skewMs: number) => void (replica.skewMs = skewMs),
    advance: (ms: number) => clock.advance(ms),
    promoted: () => {},
    crash: () => {},
  };
  const socket = new WebSocket(`${lab.ws}/-/control?room=lab&replica=${name}`);
  atEnd(() => socket.terminate());
  socket.on('message', async (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ControlMessage;
    if (message.kind !== 'do') return;
    socket.send(JSON.stringify(await answerCommand(window, message.id, message.command)));
    socket.send(JSON.stringify({ kind: 'status', status: window.status() }));
  });
}

async function historyOf(lab: TestLab): Promise<ReturnType<typeof parseHistory>> {
  const text = await (await fetch(`${lab.url}/-/api/rooms/lab/history`)).text();
  return parseHistory(text.trimEnd().split('\n'));
}

const text = `title: A week out
replicas: [A, B]
strategies: [crdt, last-writer-wins]
fields: { votes: { type: counter }, title: { type: register, initial: "" } }
steps:
  - { at: A, increment: votes, times: 3 }
  - { at: B, set: { title: Rome } }
  - offline: B
  - { at: B, increment: votes }
  - wait: 1 week
  - skew: { A: -1 day }
  - { at: A, set: { title: Paris } }
  - online: B
  - { at: B, set: { title: Oslo } }
`;
/** Which edits of A and B the steps above made. */
const editsOfSteps: readonly (readonly string[])[] = [['A:1', 'A:2', 'A:3'], ['B:1'], [], ['B:2'], [], [], ['A:4'], [], ['B:3']];

test('each step that is done tells when it had ended: after its own edits, before those of the next; playing it again clears that', async () => {
  const lab = await startLab();
  const call = async (method: string, path: string, body?: object): Promise<ScenarioView> => {
    const response = await fetch(`${lab.url}/-/api/rooms/lab/scenario${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    const answer = (await response.json()) as ScenarioView;
    expect(response.status, JSON.stringify(answer)).toBe(200);
    return answer;
  };
  const chosen = await call('PUT', '', { text });
  expect([chosen.beganMs, chosen.steps.map(({ endedMs }) => endedMs)]).toEqual([null, editsOfSteps.map(() => null)]);
  // Without a pause between steps, but only when they are asked for.
  await call('POST', '/play?paceMs=0');
  await call('POST', '/pause');
  for (const name of ['A', 'B']) await openObedientWindow(lab, name);
  await until(async () => (await call('GET', '')).state === 'paused', 'both windows');
  expect(await call('GET', '')).toMatchObject({ begun: 0, beganMs: null });
  for (let done = 1; done <= editsOfSteps.length; done++) {
    await call('POST', '/step');
    const view = await until(async () => {
      const now = await call('GET', '');
      return now.done === done ? now : null;
    }, `step ${done} to end`);
    expect(view.steps.map(({ endedMs }) => endedMs !== null)).toEqual(editsOfSteps.map((_, index) => index < done));
  }
  const { beganMs, steps } = await call('GET', '');
  const { records } = await historyOf(lab);
  const times = new Map(records.filter(isEdit).map((edit) => [`${edit.dot.replica}:${edit.dot.counter}`, trueMsOf(edit)]));
  expect([...times.keys()].sort()).toEqual(editsOfSteps.flat().sort());
  let before = beganMs!;
  for (const [index, { beganMs: began, endedMs, does }] of steps.entries()) {
    for (const edit of editsOfSteps[index]!) {
      expect(times.get(edit), `${edit}, not before the step before "${does}" had ended`).toBeGreaterThanOrEqual(before);
      expect(times.get(edit), `${edit}, not after "${does}" had ended`).toBeLessThanOrEqual(endedMs!);
      expect(times.get(edit), `${edit}, not before "${does}" began`).toBeGreaterThanOrEqual(began!);
    }
    // Between the end of one and the beginning of the next there is a moment that belongs to the former.
    expect(began).toBeGreaterThan(before);
    expect(endedMs).toBeGreaterThanOrEqual(began!);
    before = endedMs!;
  }
  // What the lab notes after the week is later by it, too.
  const online = await until(async () => (await historyOf(lab)).events.find(({ kind, replica }) => kind === 'online' && replica === 'B'), 'the network of B to be on');
  expect(online.wallMs).toBeGreaterThanOrEqual(steps[7]!.beganMs!);
  // Nobody waited for the week.
  expect(steps[4]!.endedMs! - steps[3]!.endedMs!).toBeGreaterThanOrEqual(7 * 24 * 3_600_000);
  const again = await call('PUT', '', { text });
  expect([again.beganMs, again.steps.map(({ endedMs }) => endedMs)]).toEqual([null, editsOfSteps.map(() => null)]);
});
