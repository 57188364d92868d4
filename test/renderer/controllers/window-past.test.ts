/** What a window does when the lab says that all windows look at an earlier moment. */
import { expect, test } from 'vitest';
import { WindowPast } from '../../../renderer/controllers/window-past.ts';
import type { PastQuestion } from '../../../shared/analysis/ledger-mirror.ts';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import type { ControlMessage } from '../../../shared/control/control-message.ts';
import type { ReplicaNote } from '../../../shared/history/room-event.ts';
import type { ControlListener } from '../../../renderer/controllers/control-connection.ts';

function opened() {
  const asked: { readonly id: number; readonly question: PastQuestion }[] = [];
  let listener: ControlListener = {};
  const notes: ReplicaNote[] = [
    { kind: 'reach', replica: 'C', wallMs: 10, payload: { before: ['C'], after: ['A', 'C'] } },
    { kind: 'arrived', replica: 'C', wallMs: 20, payload: { has: VersionVector.of([['A', 3]]), shows: { quorum: { title: 'A:3' } } } },
    { kind: 'reach', replica: 'C', wallMs: 30, payload: { before: ['A', 'C'], after: ['C'] } },
    { kind: 'reach', replica: 'C', wallMs: 90, payload: { before: ['C'], after: ['A', 'C'] } },
    { kind: 'arrived', replica: 'C', wallMs: 95, payload: { has: VersionVector.of([['A', 9]]), shows: {} } },
  ];
  const past = new WindowPast({
    replica: { id: 'C', records: [] },
    notes: () => notes,
    control: { listen: (given) => ((listener = given), () => {}) },
    strategies: () => ['crdt'],
    ask: (id, question) => void asked.push({ id, question }),
    changed: () => {},
  });
  const told = (atMs: number | null): void => listener.received?.({ kind: 'moment', atMs } satisfies ControlMessage);
  return { past, asked, told, reconnect: () => listener.opened?.() };
}

const state = { values: {}, siblings: {} };

test('it asks what its replica had and showed then, and shows the answer to the latest question', () => {
  const { past, asked, told } = opened();
  told(50);
  told(60);
  expect(asked.map(({ question: { has, shows } }) => [has, shows])).toEqual([[[['A', 3]], { quorum: { title: 'A:3' } }], [[['A', 3]], { quorum: { title: 'A:3' } }]]);
  past.found({ id: 1, state, authors: {} });
  expect(past.view).toBeNull();
  past.found({ id: 2, state, authors: {} });
  expect(past.view).toMatchObject({ atMs: 60, rejoinsInMs: 30, later: 0 });
});

test('who went back to now stays there while others move on, until all are back', () => {
  const { past, asked, told } = opened();
  told(50);
  past.leave();
  told(40);
  expect([past.isShown, asked.length]).toEqual([false, 1]);
  told(null);
  told(95);
  expect([past.isShown, asked.length]).toEqual([true, 2]);
  // It was not cut off then.
  past.found({ id: 2, state, authors: {} });
  expect(past.view?.rejoinsInMs).toBeNull();
});

test('on a new connection it is in the present, unless it is told otherwise', () => {
  const { past, told, reconnect } = opened();
  told(50);
  reconnect();
  expect([past.isShown, past.atMs]).toEqual([false, null]);
});
