/** Reading scenarios: each mistake is one line that names the file, the line, the place and what was expected. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenario, textLengthMax } from '../../../shared/scenarios/read-scenario.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const sound = `title: Trip
fields:
  title: { type: register }
  votes: { type: counter }
  notes: { type: text }
  tags: { type: set }
  tasks: { type: list, initial: [a, b] }
  seats: { type: stock, initial: 3 }
steps:
  - at: A
    set: { title: x }
expect:
  crdt: { lost: 0 }
`;

/** With another first step, which begins on line 10. */
function step(lines: string): string {
  return sound.replace('  - at: A\n    set: { title: x }\n', lines);
}

function expected(members: string): string {
  return sound.replace('lost: 0', members);
}

function complaint(text: string): string {
  try {
    readScenario(text, 'trip.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    const { message } = error as Error;
    expect(message).toMatch(/^[^\n\p{Cc}]+$/u);
    expect(message.replaceAll(/“[^”]*”|"[^"]*"/g, '')).not.toMatch(/Invalid input|Zod|[Mm]ap keys|[A-Z]{3,}_[A-Z]|[Ii]mplicit key|flow[ -](map|seq|coll)|node end|discriminator|Unresolved|indicator/);
    return message;
  }
  return 'it was taken';
}

const ids = 'crdt, last-writer-wins, siblings, quorum, consensus, single-leader';
const documentHas = 'the document has title, votes, notes, tags, tasks, seats';
const doesNothing = 'steps[1]: this step does nothing: it needs something such as set, type, increment, offline or say';

test('a sound one is taken, with YAML or JSON, any line ends and a byte order mark', () => {
  const scenario = readScenario(sound, 'trip.yaml');
  for (const text of [sound.replaceAll('\n', '\r\n'), `\ufeff${sound}`]) expect(readScenario(text, 'trip.yaml')).toEqual(scenario);
  const json = { title: 'Trip', fields: { votes: { type: 'counter' } }, steps: [{ at: 'A', increment: 'votes' }] };
  expect(readScenario(JSON.stringify(json, null, 2), 'trip.json').steps).toMatchObject([{ kind: 'edit', at: 'A', field: 'votes', action: { kind: 'increment', by: 1 }, path: 'steps[1]' }]);
});

test('what is left out: replicas A, B and C, all strategies, their usual settings, names as labels, empty values', () => {
  const scenario = readScenario('title: Trip\nfields:\n  votes: { type: counter }\nsteps: [{ at: A, increment: votes }]\n', 'trip.yaml');
  expect(scenario).toMatchObject({ lookAt: '', replicas: ['A', 'B', 'C'], strategies: ids.split(', '), expectations: [], schema: [{ id: 'votes', type: 'counter', label: 'Votes', initial: 0 }] });
  expect(scenario.settings.quorum).toMatchObject({ r: 2, w: 2 });
});

describe('names that there are none of', () => {
  test.each([
    ['a member, misspelt', sound.replace('fields:', 'feilds:'), '2: feilds: there is no such member here; did you mean "fields"?'],
    ['a member too many', `${sound}expects: {}\n`, '14: expects: there is no such member here; did you mean "expect"?'],
    ['a member of a step', step('  - at: A\n    incremnt: votes\n'), '11: steps[1].incremnt: there is no such member here; did you mean "increment"?'],
    ['a member of a link', step('  - link: { A: { upstream: { lag: 3 } } }\n'), '10: steps[1].link.A.upstream.lag: there is no such member here; there are latencyMs, jitterMs, bandwidthKbps, dropRate, duplicateRate, reorderRate, cut'],
    ['a field', step('  - at: A\n    set: { titel: x }\n'), `11: steps[1].set.titel: there is no field "titel"; ${documentHas}`],
    ['a field that is expected', expected('value: { vote: 3 }'), `13: expect.crdt.value.vote: there is no field "vote"; ${documentHas}`],
    ['a replica', step('  - at: D\n    set: { title: x }\n'), '10: steps[1].at: there is no replica "D"; there are A, B, C'],
    ['the first leader', sound.replace('fields:', 'leader: Z\nfields:'), '2: leader: there is no replica "Z"; there are A, B, C'],
    ['a replica in an event', step('  - crash: [A, Q]\n'), '10: steps[1].crash: there is no replica "Q"; there are A, B, C'],
    ['a replica in a later step of together', step('  - together:\n      - heal: true\n      - at: Z\n        set: { title: y }\n'), '12: steps[1].together[2].at: there is no replica "Z"; there are A, B, C'],
    ['a strategy', `${sound}strategies: [crdt, lww]\n`, `14: strategies[2]: expected one of ${ids}, not "lww"`],
    ['a strategy that is expected', sound.replace('crdt:', 'crtd:'), '13: expect.crtd: there is no such member here; did you mean "crdt"?'],
    ['a strategy that does not run', `${sound}strategies: [quorum]\n`, '13: expect.crdt: crdt does not run in this scenario; quorum do'],
    ['a column that does not run', step('  - at: A\n    in: quorum\n    set: { title: x }\n') + 'strategies: [crdt]\n', '11: steps[1].in: quorum does not run in this scenario; crdt do'],
    ['a preset', `${sound}preset: oracle\n`, '14: preset: expected one of postgresql, mysql, mongodb, hbase, zookeeper, redis-cluster, cassandra, dynamodb, couchdb, riak, cockroachdb, spanner, pnuts, not "oracle"'],
    ['a type of field', sound.replace('{ type: counter }', '{ type: countr }'), '4: fields.votes.type: expected a field with type register, text, counter, set, list or stock, not "countr"'],
    ['a level', expected('holds: strong'), '13: expect.crdt.holds: expected one or more of linearizable, sequential, causal, read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads, eventual, not "strong"'],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toBe(`trip.yaml:${message}`);
  });
});

describe('steps that make no sense', () => {
  test.each([
    ['nobody does it', '  - set: { title: x }\n', '10: steps[1]: set needs at: the replica where it is done'],
    ['nobody reads', '  - read: A\n', '10: steps[1]: a read needs at: who reads'],
    ['the verb is for another type', '  - at: A\n    increment: title\n', '11: steps[1].increment.title: increment is for a counter, and "title" is a register'],
    ['the verb is for one of two types', '  - at: A\n    remove: { votes: x }\n', '11: steps[1].remove.votes: remove is for a set or a list, and "votes" is a counter'],
    ['less than one is reserved', '  - at: A\n    reserve: { seats: -1 }\n', '11: steps[1].reserve.seats: expected at least 1, not -1'],
    ['half a vote', '  - at: A\n    increment: { votes: 1.5 }\n', '11: steps[1].increment: expected a field, or by field a whole number, not { votes: 1.5 }'],
    ['text in the middle', '  - at: A\n    type: { notes: { text: x, at: middle } }\n', '11: steps[1].type.notes: expected a text, or { text, at } with at a number, start or end, or { text, after } or { text, before }, not { text: "x", at: "middle" }'],
    ['text at two places', '  - at: A\n    type: { notes: { text: x, at: 1, after: y } }\n', '11: steps[1].type.notes: expected a text, or { text, at } with at a number, start or end, or { text, after } or { text, before }, not { text: "x", at: 1, after: "y" }'],
    ['an erasing without a length', '  - at: A\n    erase: { notes: { at: 1 } }\n', '11: steps[1].erase.notes: expected the text to erase, or { at, count }, not { at: 1 }'],
    ['a choice that the field cannot hold', '  - at: A\n    keep: { votes: many }\n', '11: steps[1].keep.votes: value is a whole number from -9007199254740991 to 9007199254740991, not "many"'],
    ['a choice of a list that is no list', '  - at: A\n    keep: { tasks: a }\n', '11: steps[1].keep.tasks: expected a list of labels, not "a"'],
    ['no time', '  - wait: 5 lightyears\n', '10: steps[1].wait: expected a time such as "5 s", "10 minutes" or "1 week", of at most 366 days, not "5 lightyears"'],
    ['more than a year', '  - wait: 400 days\n', '10: steps[1].wait: expected a time such as "5 s", "10 minutes" or "1 week", of at most 366 days, not "400 days"'],
    ['time back', '  - wait: -5 s\n', '10: steps[1].wait: expected a time of 0 or more, not "-5 s"'],
    ['two islands with one name', '  - islands: [[A, B], [B, C]]\n', '10: steps[1].islands: B is on two islands'],
    ['a chance above one', '  - link: { A: { upstream: { dropRate: 2 } } }\n', '10: steps[1].link.A.upstream.dropRate: expected at most 1, not 2'],
    ['no healing', '  - heal: false\n', '10: steps[1].heal: expected true, not false'],
    ['nothing', '  - {}\n', `10: ${doesNothing}`],
    ['only somebody', '  - at: A\n', `10: ${doesNothing}`],
    ['a dash alone', '  -\n', '10: steps[1]: expected members and values, not nothing'],
    ['times without an edit', '  - offline: C\n    times: 3\n', '11: steps[1].times: this belongs to an edit, and there is none in this step'],
    ['a column without an edit', '  - offline: C\n    in: crdt\n', '11: steps[1].in: this belongs to an edit, and there is none in this step'],
    ['somebody without an edit', '  - offline: C\n    at: A\n', '11: steps[1].at: this belongs to an edit or a read, and there is none in this step'],
    ['not once', '  - at: A\n    increment: votes\n    times: 0\n', '12: steps[1].times: expected at least 1, not 0'],
    ['together within together', '  - together:\n      - together: [{ heal: true }]\n', '11: steps[1].together[1].together: there is no such member here; docs/scenarios.md names all'],
    ['nothing together', '  - together: []\n', '10: steps[1].together: expected at least 1 entry, not 0'],
  ])('%s', (_, lines, message) => {
    expect(complaint(step(lines))).toBe(`trip.yaml:${message}`);
  });

  test('a choice where the siblings do not run', () => {
    expect(complaint(`${step('  - at: A\n    keep: { title: x }\n')}strategies: [crdt]\n`)).toBe('trip.yaml:11: steps[1].keep: a choice is made between siblings, and siblings do not run in this scenario; crdt do');
  });
});

describe('documents, settings and expectations that make no sense', () => {
  test.each([
    ['R above N', `${sound}settings:\n  quorum: { r: 4 }\n`, '15: settings.quorum: R is 4, but there are only 3 replicas: at most 3 copies can answer a read'],
    ['W of none', `${sound}settings:\n  quorum: { w: 0 }\n`, '15: settings.quorum.w: at least 1 replica must answer, not 0'],
    ['a replica twice', `${sound}replicas: [A, A]\n`, '14: replicas[2]: expected each replica once; A is there twice'],
    ['a name with a space', `${sound}replicas: ["A B"]\n`, '14: replicas[1]: expected a replica name: 1 to 32 of A–Z a–z 0–9 _ -, not "A B"'],
    ['too many replicas', `${sound}replicas: [${Array.from({ length: 27 }, (_, i) => `R${i}`).join(', ')}]\n`, '14: replicas: expected at most 26 entries, not 27'],
    ['no replicas', `${sound}replicas: []\n`, '14: replicas: expected at least 1 entry, not 0'],
    ['no steps', sound.replace(/steps:[^]*expect/, 'expect'), '1: steps: it is missing; expected a list'],
    ['no fields', sound.replace(/fields:[^]*steps/, 'fields: {}\nsteps'), '2: fields: expected at least one field; there is none'],
    ['too many fields', sound.replace('  votes:', `${Array.from({ length: 95 }, (_, i) => `  f${i}: { type: text }\n`).join('')}  votes:`), '2: fields: there are 101 fields; 100 is the most'],
    ['more edits than anybody waits for', step('  - at: A\n    increment: votes\n    times: 10000\n  - together:\n      - { at: A, increment: votes, times: 10000 }\n      - { at: A, increment: votes }\n'), '9: steps: 20,001 edits in all; 20,000 is the most'],
    ['a field with a capital', sound.replace('  votes:', '  Votes:'), '4: fields.Votes: expected a field name: 1 to 32 of a–z 0–9 -, a letter first, not "Votes"'],
    ['a beginning that the field cannot hold', sound.replace('{ type: counter }', '{ type: counter, initial: many }'), '4: fields.votes.initial: expected a number, not "many"'],
    ['no title', sound.replace('Trip', ''), '1: title: expected a text, not nothing'],
    ['bounds in words', expected('lost: about 3'), '13: expect.crdt.lost: expected a number, "at least 2", "at most 2" or "2 to 5", not "about 3"'],
    ['bounds the wrong way round', expected('lost: 5 to 2'), '13: expect.crdt.lost: expected the lower number first, not "5 to 2"'],
    ['a word that is below something', expected('neverBelow: { title: 0 }'), '13: expect.crdt.neverBelow.title: only a counter or a stock can be below something, and "title" is a register'],
    ['a value that the field cannot hold', expected('value: { votes: many }'), '13: expect.crdt.value.votes: value is a whole number from -9007199254740991 to 9007199254740991, not "many"'],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toBe(`trip.yaml:${message}`);
  });
});

describe('texts that are no scenario', () => {
  test.each([
    ['nothing', '', ': expected a scenario, which begins with "title: "; it is empty'],
    ['a comment', '# hello\n', ': expected a scenario, which begins with "title: "; it is empty'],
    ['a word', 'hello\n', ':1: expected members such as "title: Trip", each on its line, not "hello"'],
    ['a list', '- a\n- b\n', ':1: expected members such as "title: Trip", each on its line, not ["a", "b"]'],
    ['an open quote', 'title: "abc\nfields: {\n', ':1: it is not YAML or JSON: expected " as the end of what begins with " here, not the end of the file'],
    ['tabs', 'title: x\nfields:\n\ttitle: {type: register}\n', ':3: it is not YAML or JSON: expected spaces at the beginning of a line, which has a tab, not “title: {type: register}”'],
    ['JSON with a comma missing', '{\n"title": "x"\n"fields": {}}', ':3: it is not YAML or JSON: expected a comma, not “"fields": {}}”'],
    ['JSON with a comma too many', '{\n"title": "x",,\n"fields": {}}', ':2: it is not YAML or JSON: expected a value before the comma, not a second comma'],
    ['a member twice', `${sound}title: again\n`, ':14: expected each name once; "title" is there twice'],
    ['a field twice', sound.replace('  votes:', '  title:'), ':4: expected each name once; "title" is there twice'],
    ['two documents', `${sound}---\n${sound}`, ':14: it is not YAML or JSON: expected one scenario and then the end of the file, not “---”'],
    ['a second colon', sound.replace('Trip', 'Trip: two'), ':1: it is not YAML or JSON: expected one ": " after a name; a text with ": " in it needs quotes, not “Trip: two”'],
    ['a bracket too many', '? ]', ':1: it is not YAML or JSON: expected the end of the value before it, not “]”'],
    ['a sign at the beginning', sound.replace('Trip', '@Trip'), ':1: it is not YAML or JSON: expected quotes around a text that begins with a sign such as @, ` or %, not “@Trip”'],
    ['a tag', sound.replace('Trip', '!!js/function "x"'), ':1: it is not YAML or JSON: expected a value without a tag (what begins with "!" is one), not “!!js/function "x"”'],
    ['an alias of nothing', `${sound}lookAt: *nope\n`, ':14: expected "&nope" before "*nope"; there is none'],
    ['a key that is a map', sound.replace('  votes:', '  ? {a: 1}\n  :'), ':4: expected a text as a name, not members and values'],
    ['a zero byte', 'a\0b', ': expected text in UTF-8, YAML or JSON; it has zero bytes, as UTF-16 and programs have'],
    ['half a character', sound.replace('Trip', String.raw`"\ud83c"`), ':1: a text has half a character (a surrogate without its other one)'],
    ['what clears a terminal', sound.replace('crdt:', '"cr\u001b[2Jdt":'), ':13: expect.cr�[2Jdt: there is no such member here; there are crdt, last-writer-wins, siblings, quorum, consensus, single-leader, every'],
  ])('%s', (_, text, message) => {
    expect(complaint(text)).toBe(`trip.yaml${message}`);
  });

  test('a message is short, however long what it complains of', () => {
    expect(complaint(sound.replace('crdt:', `"${'x'.repeat(100_000)}":`)).length).toBeLessThan(600);
  });
});

describe('keys that change what objects are', () => {
  test.each([
    ['at the top', `${sound}__proto__: { a: 1 }\n`, 14], ['a field', sound.replace('  votes:', '  __proto__:'), 4], ['of a field', sound.replace('{ type: counter }', '{ type: counter, __proto__: { label: x } }'), 4],
    ['of an edit', step('  - at: A\n    set: { __proto__: x }\n'), 11], ['of a step', step('  - at: A\n    set: { title: x }\n    __proto__: { a: 1}\n'), 12], ['of a link', step('  - link: { __proto__: { upstream: { cut: true } } }\n'), 10],
    ['a strategy', sound.replace('crdt:', '__proto__:'), 13], ['expected', expected('__proto__: 0'), 13], ['a value', expected('value: { __proto__: 0 }'), 13], ['of the settings', `${sound}settings:\n  __proto__: { quorum: { r: 1 } }\n`, 15],
    ['in JSON', '{"__proto__": {"title": "x"}}', 1],
  ])('__proto__ %s', (_, text, line) => {
    expect(complaint(text)).toBe(`trip.yaml:${line}: "__proto__" cannot be a name here`);
    expect(({} as Record<string, unknown>)['a']).toBe(undefined);
  });

  test('constructor is a name like any other: of a member there is none, of a field there may be one', () => {
    expect(complaint(`${sound}constructor: { a: 1 }\n`)).toMatch(/^trip.yaml:14: constructor: there is no such member here; there are title, lookAt, /);
    expect(complaint(step('  - at: A\n    set: { constructor: x }\n'))).toMatch(/^trip.yaml:11: steps\[1\].set.constructor: there is no field "constructor"/);
    expect(readScenario(sound.replaceAll('title:', 'constructor:').replace('constructor: Trip', 'title: Trip'), 'trip.yaml').schema[0]).toMatchObject({ id: 'constructor' });
  });
});

describe('texts that would keep a reader busy', () => {
  /** Longer than that a linear reader never takes, however slow the machine; the cases below would take minutes, or the stack. */
  const msMax = 10_000;
  const many = (unit: string, before = ''): string => before + unit.repeat(Math.floor((textLengthMax - before.length) / unit.length));
  test.each([
    ['100,000 brackets', `title: ${'['.repeat(100_000)}`, /:1: values are nested deeper than 40$/],
    ['100,000 braces', '{"a":'.repeat(100_000), /:1: values are nested deeper than 40$/],
    ['100,000 dashes on a line', `${'- '.repeat(100_000)}x`, /:1: values are nested deeper than 40$/],
    ['100,000 question marks on a line', `${'? '.repeat(100_000)}x`, /:1: values are nested deeper than 40$/],
    ['ever more indentation', Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /:802: values are nested deeper than 40$/],
    ['100,000 deeper and deeper lists', `- ${'\n - '.repeat(100_000)}${' '.repeat(100_000)}- x`, /nested deeper than 40$/],
    ['aliases that unfold to a billion', `a: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]!}`).join()}]\n`).join('')}`, /unfolds to too many$/],
    ['an alias within itself', 'a: &a\n  b: *a\n', /there is no such member here/],
    ['keys', Array.from({ length: 40_000 }, (_, i) => `k${i}: 1\n`).join(''), /:1: k0: there is no such member here; there are title, /],
    ['commas', many(',', 'a: ['), /:1: it is not YAML or JSON: expected a value before the comma, /],
    ['anchors', many('& '), /more than 1,000 anchors, aliases and tags$/],
    ['tags', many('!!str '), /more than 1,000 anchors, aliases and tags$/],
    ['a text that is too long', many('#') + '#', /: it has 1,000,001 characters; 1,000,000 is the most$/],
  ])('%s', (_, text, message) => {
    const startedMs = performance.now();
    expect(complaint(text)).toMatch(message);
    expect(performance.now() - startedMs).toBeLessThan(msMax);
  });

  test('brackets in texts and comments are only letters', () => {
    expect(readScenario(step(`  # ${'['.repeat(100)}\n${'  - say: sad :[ "(" {\n'.repeat(100)}`), 'trip.yaml').steps).toHaveLength(100);
  });
});

const catalogue = `${projectRoot}shared/scenarios/catalogue/`;
const texts = readdirSync(catalogue).map((name) => readFileSync(catalogue + name, 'utf8'));

describe('texts that chance has changed', () => {
  const pieces = ['[', ']', '{', '}', ':', ': ', '- ', '\n', '  ', '\t', '"', "'", '&a ', '*a', '!!set ', '|', '>', '#', '%', '@', '`', '---\n', '<<: ', '__proto__: ', '~', 'null', '1e999', '-1', '.nan', '\u0000', '\u001b', '\ufeff', '\u2028', '\ud800', '?', ','];
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(40), put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })), from: fc.double({ min: 0, max: 1, noNaN: true }), how: fc.constantFrom('put', 'cut', 'copy') });
  const changed = fc.tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) => changes.reduce((now, { at, length, put, from, how }) => {
    const [start, source] = [Math.floor(at * now.length), Math.floor(from * now.length)];
    if (how === 'put') return now.slice(0, start) + put + now.slice(start);
    return how === 'cut' ? now.slice(0, start) + now.slice(start + length) : now.slice(0, start) + now.slice(source, source + length) + now.slice(start);
  }, text));

  test('give a scenario, or one line', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(fc.property(changed, (text) => {
      if (complaint(text) === 'it was taken') taken++;
      else refused++;
    }), { numRuns: 800 });
    expect(taken).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(200);
  });
});
