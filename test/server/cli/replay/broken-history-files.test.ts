/** Broken histories and editing traces of every kind: each gives one line that names the file, the line, what was expected and what stands there, in words of our own. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { VersionVector } from '../../../../shared/clocks/version-vector.ts';
import { labSchema } from '../../../../shared/document/schema.ts';
import { toJsonLines } from '../../../../shared/history/json-lines.ts';
import type { EditRecord } from '../../../../shared/history/record.ts';
import { useBrokenFiles } from '../../../support/broken-files.ts';

const complaint = useBrokenFiles('rejoin-broken-histories-');

function seat(replica: string, ms: number): EditRecord {
  return { dot: { replica, counter: 1 }, context: VersionVector.empty, field: 'seats', intent: { kind: 'reserve', amount: 2 }, wallMs: ms, hybrid: { ms, counter: 0 }, traces: {} };
}

/** A header, an island, and an edit on lines 3 and 4. */
const history = toJsonLines(labSchema, ['crdt'], [seat('A', 1_000), seat('B', 2_000)], { events: [{ kind: 'island', replica: null, wallMs: 500, payload: [['A'], ['B']] }] });

type Change = (text: string) => string;

/** The history with another line of this number. */
function at(line: number, change: Change): string {
  return history.split('\n').map((each, index) => (index === line - 1 ? change(each) : each)).join('\n');
}

/** The history with other members in a line; `undefined` takes one out. */
function having(line: number, members: object): string {
  return at(line, (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...members }));
}

function payload(members: object): string {
  return at(3, (text) => {
    const event = JSON.parse(text) as { payload: object };
    return JSON.stringify({ ...event, payload: { ...event.payload, ...members } });
  });
}

function event(kind: string, members: object): string {
  return having(3, { kind, payload: members });
}

const trace = { kind: 'concurrent', endContent: 'ab', numAgents: 2, txns: [{ parents: [], agent: 0, patches: [[0, 0, 'a']] }, { parents: [0], agent: 1, patches: [[1, 0, 'b']] }] };

/** The trace with other members in its second transaction. */
function second(members: object): string {
  return JSON.stringify({ ...trace, txns: [trace.txns[0], { ...trace.txns[1], ...members }] });
}

const neither = 'expected a saved history (JSON Lines, format "rejoin-history") or an editing trace (JSON, kind "concurrent"), plain or gzipped';
const aTrace = 'expected an editing trace {"kind":"concurrent","endContent":…,"numAgents":…,"txns":[…]}';
const anEvent = 'expected an event of this history';
const aLine = 'expected an object as JSON on one line';

test.each([
  ['nothing', '', `: ${neither}; it is empty`],
  ['empty lines', '\n\n', `: line 1: ${neither}, not a blank line`],
  ['a comment', '# x\n', `: line 1: ${neither}, not “# x”`],
  ['CSV', 'a,b,c\n1,2,3\n', `: line 1: ${neither}, not “a,b,c”`],
  ['a scenario', 'title: T\nfields: {}\n', `: line 1: ${neither}, not “title: T”`],
  ['a number', '3\n', `: line 1: ${neither}, not “3”`],
  ['a list', '[1,2]\n', `: line 1: ${neither}, not “[1,2]”`],
  ['other JSON', '{"a": 1}\n', `: line 1: ${neither}, not “{"a": 1}”`],
  ['HTML', '<html></html>\n', `: line 1: ${neither}, not “<html></html>”`],
  ['packed text', gzipSync('hello'), `: line 1: ${neither}, not “hello”`],
  ['half a packed file', gzipSync(history).subarray(0, 50), ': expected a whole gzip file; it is cut short'],
  ['UTF-16', Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(history, 'utf16le')]), ': expected text in UTF-8; it is UTF-16'],
  ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), ': expected text in UTF-8; its bytes are something else'],
  ['Latin-1 in a line', Buffer.from(payload({ field: '\u00f6' }), 'latin1'), ': line 3: expected text in UTF-8; its bytes are something else'],
])('neither of both: %s', async (_, content, message) => {
  expect(await complaint('replay', content)).toBe(message);
});

test.each([
  ['a comma too many', at(1, (text) => text.replace(/}$/, ',}')), /^: line 1: expected an object as JSON on one line, not JSON that goes wrong at character \d+: “}”$/],
  ['half a line', history.slice(0, 60), `: line 1: ${aLine}, not JSON that is cut short`],
  ['another format', having(1, { format: 'shiviz' }), ': line 1: expected a header {"format":"rejoin-history","version":2,…}, not the format "shiviz"'],
  ['a newer version', having(1, { version: 3 }), ': line 1: expected version 1 or 2 of rejoin-history, not 3'],
  ['a version in words', having(1, { version: 'one' }), ': line 1: expected version 1 or 2 of rejoin-history, not "one"'],
  ['no fields', having(1, { schema: [] }), ': line 1: expected a schema of 1 to 1000 fields, not 0'],
  ['fields that are no list', having(1, { schema: 'x' }), ': line 1: expected a schema of 1 to 1000 fields, not "x"'],
  ['a field without a name', having(1, { schema: [{ type: 'text', label: 'Notes', initial: '' }] }), ': line 1: expected each field of the schema to have an id, a type, a label and an initial value; the id is nothing, the label "Notes"'],
  ['another type of field', having(1, { schema: [{ id: 'a', type: 'blob', label: 'A', initial: '' }] }), ': line 1: expected register, text, counter, set, list, stock as the type of the field "a", not "blob"'],
  ['a field twice', having(1, { schema: [labSchema[0], labSchema[0]] }), ': line 1: expected each field once; "title" is there twice'],
  ['an unknown strategy', having(1, { strategies: ['lww'] }), ': line 1: expected a list of strategies, of crdt, last-writer-wins, siblings, quorum, consensus, single-leader, not "lww"'],
  ['a name that no replica has', having(1, { replicas: ['A B'] }), `: line 1: expected replicas' names such as "A", not "A B"`],
  ['replicas that are no list', having(1, { replicas: 3 }), ": line 1: expected a list of at most 10000 replicas' names, not 3"],
])('the header: %s', async (_, content, message) => {
  if (typeof message === 'string') expect(await complaint('replay', content)).toBe(message);
  else expect(await complaint('replay', content)).toMatch(message);
});

describe('a line', () => {
  test.each([
    ['cut short', at(3, (text) => text.slice(0, -5)), `${aLine}, not JSON that is cut short`],
    ['of words', at(3, () => 'garbage'), `${aLine}, not “garbage”`],
    ['that is empty', at(3, () => ''), `${aLine}, not nothing`],
    ['with a list', at(3, () => '[]'), `${aLine}, not a list`],
    ['in single quotes', at(3, () => "{'a': 1}"), `${aLine}, not JSON that goes wrong at character 2: “'a': 1}”`],
    ['with NaN', at(3, (text) => text.replace(/"wallMs":\d+/, '"wallMs":NaN')), /not JSON that goes wrong at character \d+: “NaN,/],
    ['with two events', at(3, (text) => text + text), /not JSON that goes wrong at character \d+: “{"id":"A:1"/],
    ['that nests too deep', at(3, () => '['.repeat(30) + ']'.repeat(30)), `${aLine}, not values that are nested deeper than any of ours`],
    ['of another kind', having(3, { kind: 'edit' }), 'expected an event (intent, outcome, read, send, receive, online, offline, island, fault, crash, restart, arrived, reach, settings, promote, final-read or document), not "edit"'],
    ['with an id that is none', having(3, { id: 'A' }), `${anEvent}: "A" is not a dot such as A:12`],
    ['with a number as an id', having(3, { id: 3 }), 'expected an id such as "A:12", not 3'],
    ['that leaves edits out', having(3, { id: 'A:9', vector: { A: 9 } }), "expected A:1, not A:9: each replica's events come once, in order and without gaps"],
    ['of another replica', having(3, { replica: 'B' }), 'expected A as the replica of A:1, not "B"'],
    ['with a vector in words', having(3, { vector: 'x' }), 'expected a version vector such as {"A":12}, not "x"'],
    ['with a vector below nothing', having(3, { vector: { A: -1 } }), `${anEvent}: "A": -1 is no entry of a version vector`],
    ['with a huge vector', having(3, { vector: { A: 1e300 } }), `${anEvent}: "A": 1e+300 is no entry of a version vector`],
    ['that saw what comes later', having(3, { vector: { A: 1, B: 9 } }), 'expected all that A:1 had seen to come before it; B:9 does not'],
    ['with a hybrid time in words', having(3, { hybrid: 'noon' }), 'expected a hybrid time [milliseconds, counter], not "noon"'],
    ['with a huge time', having(3, { hybrid: [1e300, 0] }), 'expected milliseconds since the Unix epoch as a hybrid time, not 1e+300'],
    ['without a time', having(3, { wallMs: undefined }), 'expected milliseconds since the Unix epoch as wallMs, not nothing'],
    ['without a payload', having(3, { payload: undefined }), 'expected a payload that is an object, not nothing'],
    ['of a field that there is none of', payload({ field: 'nope' }), /^expected an event of this history: there is no field "nope"; the document has title, /],
    ['without an intent', payload({ intent: undefined }), `${anEvent}: an intent is an object, not nothing`],
    ['with another intent', payload({ intent: { kind: 'explode' } }), `${anEvent}: a stock takes reserve or release, not "explode"`],
    ['with an amount in words', payload({ intent: { kind: 'reserve', amount: 'two' } }), `${anEvent}: amount is a whole number from 1 to 1000000, not "two"`],
    ['for an unknown strategy', payload({ only: ['lww'] }), `${anEvent}: an edit is for a list of strategies, not for "lww"`],
    ['with a skew in words', payload({ skewMs: 'late' }), `${anEvent}: a clock skew is a whole number of milliseconds, not "late"`],
    ['with traces in words', payload({ traces: 'x' }), `${anEvent}: traces are an object, not "x"`],
    ['with a trace of an unknown strategy', payload({ traces: { lww: {} } }), `${anEvent}: "lww" is no strategy`],
    ['with another trace', payload({ traces: { crdt: { outcome: 'maybe' } } }), `${anEvent}: a trace is "accepted", "refused" with a reason, or "pending", not "maybe"`],
    ['with another gathering', payload({ gathers: 'all' }), `${anEvent}: an edit gathers a whole number of edits, not "all"`],
    ['with an outcome of nothing', event('outcome', { strategy: 'quorum', outcome: 'accepted' }), `${anEvent}: an outcome names its edit, such as "A:12", not nothing`],
    ['with an outcome of an unknown strategy', event('outcome', { of: 'A:1', strategy: 'lww', outcome: 'accepted' }), `${anEvent}: an outcome names its strategy, not "lww"`],
    ['with another outcome', event('outcome', { of: 'A:1', strategy: 'quorum', outcome: 'maybe' }), `${anEvent}: an outcome is "accepted", or "refused", "unknown" or "rolled-back" with a reason, not "maybe" with nothing`],
    ['with a read at nobody', event('read', {}), `${anEvent}: a read names the replica that answered, not nothing`],
    ['with a read that had a number', event('read', { at: 'B', had: 3, seen: [] }), `${anEvent}: a version vector is an object such as {"A":12}, not 3`],
    ['with a read of nothing', event('read', { at: 'B', had: {}, seen: [1] }), `${anEvent}: what was seen names its field and its strategy, not nothing and nothing`],
    ['with a document that is none', event('document', { yjs: '@@@' }), 'expected a document {"yjs":"…"}, an update of Yjs in base64, not "@@@"'],
    ['with the network at a name that is none', having(2, { replica: 'A B' }), `expected a replica's name or none, not "A B"`],
  ])('%s', async (what, content, message) => {
    const said = await complaint('replay', content);
    const line = what.includes('network') ? 2 : 3;
    expect(said).toMatch(new RegExp(`^: line ${line}: `));
    const words = said.slice(`: line ${line}: `.length);
    if (typeof message === 'string') expect(words).toBe(message);
    else expect(words).toMatch(message);
  });
});

test.each([
  ['cut short', JSON.stringify(trace).slice(0, -10), `: ${aTrace}, not JSON that is cut short`],
  ['a comma too many', JSON.stringify(trace, null, 1).replace(/\n}$/, ',\n}'), `: line 31: ${aTrace}, not JSON that goes wrong at character 1: “}”`],
  ['NaN', JSON.stringify(trace, null, 1).replace('2', 'NaN'), `: line 4: ${aTrace}, not JSON that goes wrong at character 15: “NaN,”`],
  ['another kind', JSON.stringify({ ...trace, kind: 'sequential' }), `: line 1: ${neither}, not “{"kind":"sequential","endConte…”`],
  ['a number as its end', JSON.stringify({ ...trace, endContent: 3 }), `: ${aTrace}: endContent is a text, not 3`],
  ['fewer people than none', JSON.stringify({ ...trace, numAgents: -1 }), `: ${aTrace}: numAgents is a whole number from 0 to 10000, not -1`],
  ['transactions that are no list', JSON.stringify({ ...trace, txns: {} }), `: ${aTrace}: txns is a list, not an object`],
  ['a transaction that is a number', JSON.stringify({ ...trace, txns: [3] }), `: ${aTrace}: transaction 0: it is 3, not an object`],
  ['a parent that comes later', second({ parents: [5] }), `: ${aTrace}: transaction 1: its parent 5 does not come before it`],
  ['somebody else', second({ agent: 9 }), `: ${aTrace}: transaction 1: agent is a whole number from 0 to 1, not 9`],
  ['a time in words', second({ time: 'noon' }), `: ${aTrace}: transaction 1: time is a date such as "2026-01-31T12:00:00Z", not "noon"`],
  ['a patch that is too short', second({ patches: [[0]] }), `: ${aTrace}: transaction 1: a patch is [position, number of deleted characters, inserted text], not a list`],
  ['a position in words', second({ patches: [['x', 0, 'a']] }), `: ${aTrace}: transaction 1: a position is a whole number from 0, not "x"`],
  ['a position beyond the text', second({ patches: [[50, 0, 'a']] }), ': expected patches within the text: transaction 1: a patch reaches to position 50 of a text of 1 characters'],
  ['another end', JSON.stringify({ ...trace, endContent: 'zz' }), ': expected edits that make the endContent of 2 characters; they make a text of 2, which differs from character 0 on'],
])('a trace: %s', async (_, content, message) => {
  expect(await complaint('replay', content)).toBe(message);
});
