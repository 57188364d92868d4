import { expect, test } from 'vitest';
import { VersionVector } from '../../../shared/clocks/version-vector.ts';
import { StrategyChannel } from '../../../shared/replica/strategy-channel.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import type { CoordinatedStrategy } from '../../../shared/strategies/coordinated-strategy.ts';

/** A copy that answers "pending" to every edit, on a line whose messages are noted. */
function conversation(): { readonly line: StrategyChannel; readonly sent: number[]; readonly edit: (counter: number) => void } {
  const sent: number[] = [];
  const strategy = { id: 'quorum', join: () => undefined, openEdits: () => [], perform: () => ({ trace: { outcome: 'pending' } }) };
  const line = new StrategyChannel(strategy as unknown as CoordinatedStrategy, {
    self: 'A', clock: new VirtualClock(), members: () => ['A', 'B'], reaches: () => true, transmit: (_to, _strategy, payload) => void sent.push(payload[0]!),
    keep: () => Promise.resolve(), settle: () => undefined,
  });
  line.begin(new Map(), [], []);
  const edit = (counter: number): void => void line.perform({
    dot: { replica: 'A', counter }, context: VersionVector.empty, field: 'votes', intent: { kind: 'increment', by: 1 }, wallMs: 0, hybrid: { ms: 0, counter: 0 },
  });
  return { line, sent, edit };
}

test('a message waits for the edits that were made before it, and for no later ones: who types on and on is heard', () => {
  const { line, sent, edit } = conversation();
  edit(1);
  edit(2);
  line.send('B', Uint8Array.of(7));
  edit(3);
  line.send('B', Uint8Array.of(8));
  line.stored([{ replica: 'A', counter: 1 }]);
  expect(sent).toEqual([]);
  line.stored([{ replica: 'A', counter: 2 }]);
  expect(sent).toEqual([7]);
  line.stored([{ replica: 'A', counter: 3 }]);
  expect(sent).toEqual([7, 8]);
  line.send('B', Uint8Array.of(9));
  expect(sent).toEqual([7, 8, 9]);
});
