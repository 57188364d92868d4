import { describe, expect, test } from 'vitest';
import { parseEditingTrace } from '../../../shared/replay/editing-trace.ts';
import { UnreadableInput } from '../../../shared/encoding/unreadable-input.ts';

const sound = {
  kind: 'concurrent',
  endContent: 'ab',
  numAgents: 2,
  txns: [
    { parents: [], numChildren: 1, agent: 0, time: '2026-01-31T12:00:00Z', patches: [[0, 0, 'a']] },
    { parents: [0], numChildren: 0, agent: 1, patches: [[1, 0, 'b']] },
  ],
};

/** The sound trace, with a change in its second transaction. */
function withSecond(change: object): string {
  return JSON.stringify({ ...sound, txns: [sound.txns[0], { ...sound.txns[1], ...change }] });
}

test('a trace is read with its times, where it has some', () => {
  expect(parseEditingTrace(JSON.stringify(sound))).toEqual({
    endContent: 'ab',
    agents: 2,
    transactions: [
      { parents: [], agent: 0, timeMs: Date.parse('2026-01-31T12:00:00Z'), patches: [{ position: 0, deleted: 0, inserted: 'a' }] },
      { parents: [0], agent: 1, timeMs: null, patches: [{ position: 1, deleted: 0, inserted: 'b' }] },
    ],
  });
});

describe('what is wrong is said, with its transaction', () => {
  test.each([
    ['no JSON', '{"kind":"concurrent"', /JSON that is cut short/],
    ['a list', '[]', /it is a list/],
    ['another kind', JSON.stringify({ ...sound, kind: 'sequential' }), /its kind is "sequential"/],
    ['no text in the end', JSON.stringify({ ...sound, endContent: 5 }), /endContent is a text, not 5/],
    ['no transactions', JSON.stringify({ ...sound, txns: {} }), /txns is a list, not an object/],
    ['agents that are no number', JSON.stringify({ ...sound, numAgents: '2' }), /numAgents is a whole number from 0 to \d+, not "2"/],
    ['more agents than anybody has', JSON.stringify({ ...sound, numAgents: 1e9 }), /numAgents is a whole number/],
    ['an agent that there is not', withSecond({ agent: 2 }), /transaction 1: agent is a whole number from 0 to 1, not 2/],
    ['a parent that comes later', withSecond({ parents: [2] }), /transaction 1: its parent 2 does not come before it/],
    ['a transaction that is its own parent', withSecond({ parents: [1] }), /transaction 1: its parent 1 does not come before it/],
    ['a parent below 0', withSecond({ parents: [-1] }), /transaction 1: a parent is a whole number/],
    ['a parent twice', withSecond({ parents: [0, 0] }), /transaction 1: it names a parent twice/],
    ['parents that are no list', withSecond({ parents: 0 }), /transaction 1: parents is a list/],
    ['patches that are no list', withSecond({ patches: 'b' }), /transaction 1: patches is a list/],
    ['half a patch', withSecond({ patches: [[1, 0]] }), /transaction 1: a patch is \[position/],
    ['a patch that inserts a number', withSecond({ patches: [[1, 0, 7]] }), /transaction 1: a patch is \[position/],
    ['a position below 0', withSecond({ patches: [[-1, 0, 'b']] }), /transaction 1: a position is a whole number/],
    ['a position between two characters', withSecond({ patches: [[0.5, 0, 'b']] }), /transaction 1: a position is a whole number/],
    ['half a character', withSecond({ patches: [[1, 0, '\ud83d']] }), /transaction 1: a patch inserts half a character/],
    ['a text that is too long', withSecond({ patches: [[1, 0, 'x'.repeat(200_001)]] }), /transaction 1: a patch inserts 200001 characters/],
    ['a time that is none', withSecond({ time: 'noon' }), /transaction 1: time is a date/],
    ['a transaction that is none', JSON.stringify({ ...sound, txns: [null] }), /transaction 0: it is null/],
    ['deep nesting', `{"kind":"concurrent","txns":${'['.repeat(1_000_000)}`, /nested deeper than 6 levels/],
    ['a key that changes what objects are', `{"kind":"concurrent","__proto__":{"endContent":""},"txns":[]}`, /the key "__proto__"/],
  ])('%s', (_, text, message) => {
    let found: unknown;
    try {
      parseEditingTrace(text);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(UnreadableInput);
    expect((found as Error).message).toMatch(message);
    expect((found as Error).message).toMatch(/^expected an editing trace [^\n]+$/);
  });
});
