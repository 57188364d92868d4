/** Each cause for which two Yjs documents differ, made by real documents: first what Yjs does, then what the doctor says. */
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compared, docOf, saved, updatesOf, write } from './documents.ts';

const base = saved(docOf(1, [], write('hello')));

describe('equal', () => {
  test('an empty document and another', () => {
    expect(compared(docOf(1), docOf(2))).toEqual({ differences: [], remarks: [], symptoms: [[], []] });
  });

  test('the same document in version 1 and 2: equal, with a remark, as Y.applyUpdate makes nothing of version 2 without a word', () => {
    const doc = docOf(1, [], write('hello'));
    const second = Y.encodeStateAsUpdateV2(doc);
    expect(docOf(9, [second]).getText('text').toString()).toBe('');
    expect(compared(doc, second)).toEqual({ differences: [], remarks: [{ kind: 'formats', first: 'v1', second: 'v2' }], symptoms: [[], []] });
    expect(compared(second, doc).remarks).toEqual([{ kind: 'formats', first: 'v2', second: 'v1' }]);
  });

  test('cut up differently: one has the text in one piece, the other in five', () => {
    const whole = docOf(1, [], write('hello'));
    const pieces = docOf(2, updatesOf(1, ...[...'hello'].map((letter) => write(letter))));
    expect(Y.decodeUpdate(Y.mergeUpdates(updatesOf(1, ...[...'hello'].map((letter) => write(letter))))).structs.length).toBeGreaterThan(1);
    expect(compared(whole, pieces).differences).toEqual([]);
    expect(compared(saved(whole), Y.mergeUpdates(updatesOf(1, ...[...'hello'].map((letter) => write(letter))))).differences).toEqual([]);
  });

  test('deleted text that one has thrown away and the other kept: a remark', () => {
    const erase = (doc: Y.Doc): void => doc.getText('text').delete(1, 3);
    const [collected, kept] = [docOf(2, [base]), docOf(3, [base], () => {}, { gc: false })];
    erase(collected);
    Y.applyUpdate(kept, saved(collected));
    expect(compared(collected, kept)).toEqual({ differences: [], remarks: [{ kind: 'collected', on: 'first', units: 3 }], symptoms: [[], []] });
    expect(compared(kept, collected).remarks).toEqual([{ kind: 'collected', on: 'second', units: 3 }]);
  });

  test('a deleted type whose content one has dropped whole (GC)', () => {
    const edit = (doc: Y.Doc): void => {
      doc.getMap('map').set('list', new Y.Array());
      (doc.getMap('map').get('list') as Y.Array<number>).push([1, 2]);
      doc.getMap('map').delete('list');
    };
    const kept = docOf(1, [], edit, { gc: false });
    const collected = docOf(2, [saved(kept)]);
    expect([...collected.store.clients.get(1)!].some((struct) => struct instanceof Y.GC)).toBe(true);
    expect(compared(kept, collected)).toEqual({ differences: [], remarks: [{ kind: 'collected', on: 'second', units: 3 }], symptoms: [[], []] });
  });

  test('an update that another document passed on: what is dropped whole is not among its deletions, and deleted all the same', () => {
    const dropped = docOf(2, [saved(docOf(1, [], (doc) => {
      doc.getMap('map').set('list', Y.Array.from([1, 2]));
      doc.getMap('map').delete('list');
    }))]);
    const passedOn: Uint8Array[] = [];
    const third = docOf(3);
    third.on('update', (update: Uint8Array) => void passedOn.push(update));
    Y.applyUpdate(third, saved(dropped));
    expect([...Y.decodeUpdate(passedOn[0]!).ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0)).toBeLessThan(3);
    expect(compared(saved(dropped), passedOn[0]!).differences).toEqual([]);
  });

  test('a surrogate pair that Yjs cut on one side', () => {
    const emoji = saved(docOf(1, [], write('a👍b')));
    const cut = docOf(2, [emoji], (doc) => doc.getText('text').insert(2, 'x'));
    const { differences } = compared(docOf(3, [emoji]), cut);
    expect(differences).toEqual([{ kind: 'missing-updates', on: 'first', ranges: [{ client: 2, clock: 0, length: 1, shown: '“x”' }] }]);
  });
});

describe('a missing update', () => {
  test('is named with its client, its clocks, its content and the side', () => {
    const more = docOf(2, [base], write(' world'));
    expect(compared(more, docOf(3, [base]))).toEqual({ differences: [{ kind: 'missing-updates', on: 'second', ranges: [{ client: 2, clock: 0, length: 6, shown: '“ world”' }] }], remarks: [], symptoms: [[], []] });
    expect(compared(docOf(3, [base]), more).differences).toMatchObject([{ kind: 'missing-updates', on: 'first' }]);
  });

  test('on both sides: each lacks what the other wrote', () => {
    const [a, b] = [docOf(2, [base], write(' A')), docOf(3, [base], (doc) => doc.getMap('map').set('title', 'B'))];
    expect(compared(a, b).differences).toEqual([
      { kind: 'missing-updates', on: 'second', ranges: [{ client: 2, clock: 0, length: 2, shown: '“ A”' }] },
      { kind: 'missing-updates', on: 'first', ranges: [{ client: 3, clock: 0, length: 1, shown: '“B”' }] },
    ]);
  });

  test('one of the middle: what follows waits, and for what', () => {
    const updates = updatesOf(7, write('aa'), write('bb'), write('cc'));
    const gap = docOf(8, [updates[0]!, updates[2]!]);
    expect(gap.getText('text').toString()).toBe('aa');
    const { differences, symptoms } = compared(docOf(9, updates), gap);
    expect(differences).toEqual([{ kind: 'missing-updates', on: 'second', ranges: [{ client: 7, clock: 2, length: 2, shown: '“bb”' }] }]);
    expect(symptoms).toEqual([[], [{ kind: 'pending-structs', waits: [{ client: 7, clock: 4, units: 2, for: { client: 7, clock: 2 }, is: 'elsewhere' }] }]]);
  });

  test('an empty document is said to be empty', () => {
    expect(compared(docOf(1), docOf(2, [base])).remarks).toEqual([{ kind: 'empty', which: 'first' }]);
    expect(compared(docOf(2, [base]), docOf(1)).remarks).toEqual([{ kind: 'empty', which: 'second' }]);
  });
});

describe('what waits', () => {
  test('on both sides the same: equal, and both wait for what nobody has', () => {
    const reply = docOf(2, [base], write(' world'));
    const lost = Y.diffUpdate(saved(reply), Y.encodeStateVector(docOf(9, [base])));
    const [a, b] = [docOf(3, [lost]), docOf(4, [lost])];
    expect(a.store.pendingStructs?.missing).toEqual(new Map([[1, 0]]));
    const waits = { kind: 'pending-structs', waits: [{ client: 2, clock: 0, units: 6, for: { client: 1, clock: 4 }, is: 'nowhere' }] };
    expect(compared(a, b)).toEqual({ differences: [], remarks: [], symptoms: [[waits], [waits]] });
  });

  test('a chain: an answer to an answer waits for one that waits itself', () => {
    const second = docOf(2, [base], write('!'));
    const third = docOf(3, [saved(second)], write('?'));
    const [gotten, lacking] = [docOf(8, [saved(third)]), docOf(9, [Y.diffUpdate(saved(third), Y.encodeStateVector(docOf(9, [base])))])];
    const { symptoms } = compared(gotten, lacking);
    expect(symptoms[1]).toEqual([{ kind: 'pending-structs', waits: [
      { client: 2, clock: 0, units: 1, for: { client: 1, clock: 4 }, is: 'elsewhere' },
      { client: 3, clock: 0, units: 1, for: { client: 2, clock: 0 }, is: 'waiting-too' },
    ] }]);
  });

  test('a deletion of what is not there yet', () => {
    const updates = updatesOf(7, write('aa'), write('bb'), (doc) => doc.getText('text').delete(2, 2));
    const early = docOf(8, [updates[0]!, updates[2]!]);
    expect(early.store.pendingDs).not.toBeNull();
    const { differences, symptoms } = compared(docOf(9, updates), early);
    expect(symptoms[1]).toEqual([{ kind: 'pending-deletions', ranges: [{ client: 7, clock: 2, length: 2 }] }]);
    expect(differences).toMatchObject([{ kind: 'missing-updates', on: 'second', ranges: [{ client: 7, clock: 2, length: 2 }] }]);
  });

  test('a deletion that waits for what only the other side has: each has news for the other', () => {
    const updates = updatesOf(7, write('aa'), write('bb'), (doc) => doc.getText('text').delete(2, 2));
    expect(compared(docOf(8, [updates[0]!, updates[2]!]), docOf(9, [updates[0]!, updates[1]!])).differences).toEqual([
      { kind: 'missing-updates', on: 'first', ranges: [{ client: 7, clock: 2, length: 2, shown: '“bb”' }] },
      { kind: 'deletions-differ', deletedOn: 'first', ranges: [{ client: 7, clock: 2, length: 2, shown: '“bb”' }], sameStateVectors: false },
    ]);
  });

  test('a deletion that waits on one side alone is a difference', () => {
    const updates = updatesOf(7, write('aa'), write('bb'), (doc) => doc.getText('text').delete(2, 2));
    expect(compared(docOf(8, [updates[0]!, updates[2]!]), docOf(9, [updates[0]!])).differences).toEqual([
      { kind: 'deletions-differ', deletedOn: 'first', ranges: [{ client: 7, clock: 2, length: 2, shown: null }], sameStateVectors: true },
    ]);
  });
});

test('equal state vectors with different deletions: which text is deleted on which side alone', () => {
  const [a, b] = [docOf(2, [base], (doc) => doc.getText('text').delete(0, 1)), docOf(3, [base], (doc) => doc.getText('text').delete(3, 2))];
  expect(Y.encodeStateVector(a)).toEqual(Y.encodeStateVector(b));
  expect(compared(a, b).differences).toEqual([
    { kind: 'deletions-differ', deletedOn: 'first', ranges: [{ client: 1, clock: 0, length: 1, shown: '“h”' }], sameStateVectors: true },
    { kind: 'deletions-differ', deletedOn: 'second', ranges: [{ client: 1, clock: 3, length: 2, shown: '“lo”' }], sameStateVectors: true },
  ]);
});

describe('a client id that two copies used', () => {
  test('other content at the same clocks: however often they sync, Yjs takes both for equal', () => {
    const [a, b] = [docOf(4, [base], write(' Rome')), docOf(4, [base], write(' Oslo'))];
    for (let i = 0; i < 3; i++) {
      Y.applyUpdate(a, saved(b));
      Y.applyUpdate(b, saved(a));
    }
    expect([a, b].map((doc) => doc.getText('text').toString())).toEqual(['hello Rome', 'hello Oslo']);
    expect(Y.equalSnapshots(Y.snapshot(a), Y.snapshot(b))).toBe(true);
    expect(compared(a, b).differences).toEqual([{ kind: 'shared-client-id', ranges: [{ client: 4, clock: 1, length: 4 }], example: { client: 4, clock: 1, first: '“Rome”', second: '“Oslo”' } }]);
  });

  test('the same letter at another place', () => {
    const [a, b] = [docOf(4, [base], write('x', 1)), docOf(4, [base], write('x', 3))];
    expect(compared(a, b).differences).toEqual([{ kind: 'shared-client-id', ranges: [{ client: 4, clock: 0, length: 1 }], example: { client: 4, clock: 0, first: '“x”', second: '“x”' } }]);
  });

  test.each<[what: string, first: (doc: Y.Doc) => void, second: (doc: Y.Doc) => void, shown: [string, string]]>([
    ['values', (doc) => doc.getMap('m').set('k', 1), (doc) => doc.getMap('m').set('k', 2), ['1', '2']],
    ['keys', (doc) => doc.getMap('m').set('k', 1), (doc) => doc.getMap('m').set('l', 1), ['1', '1']],
    ['root types', (doc) => doc.getText('a').insert(0, 'x'), (doc) => doc.getText('b').insert(0, 'x'), ['“x”', '“x”']],
    ['objects', (doc) => doc.getArray('a').push([{ n: 1 }]), (doc) => doc.getArray('a').push([{ n: 2 }]), ['an object', 'an object']],
    ['types', (doc) => doc.getMap('m').set('k', new Y.Map()), (doc) => doc.getMap('m').set('k', new Y.Array()), ['a nested type', 'a nested type']],
    ['elements', (doc) => doc.getXmlFragment('x').push([new Y.XmlElement('p')]), (doc) => doc.getXmlFragment('x').push([new Y.XmlElement('h1')]), ['a nested type', 'a nested type']],
    ['bytes', (doc) => doc.getArray('a').push([Uint8Array.of(1)]), (doc) => doc.getArray('a').push([Uint8Array.of(2)]), ['1 byte', '1 byte']],
    ['formats', (doc) => doc.getText('t').insert(0, 'a', { bold: true }), (doc) => doc.getText('t').insert(0, 'a', { bold: 1 }), ['the format “bold”', 'the format “bold”']],
    ['embeds', (doc) => doc.getText('t').insertEmbed(0, { image: 'a' }), (doc) => doc.getText('t').insertEmbed(0, { image: 'b' }), ['an object as an embed', 'an object as an embed']],
    ['subdocuments', (doc) => doc.getMap('m').set('k', new Y.Doc({ guid: 'a' })), (doc) => doc.getMap('m').set('k', new Y.Doc({ guid: 'b' })), ['the subdocument “a”', 'the subdocument “b”']],
    ['kinds', (doc) => doc.getText('t').insert(0, 'a'), (doc) => doc.getText('t').insertEmbed(0, { image: 'b' }), ['“a”', 'an object as an embed']],
  ])('other %s', (_, first, second, shown) => {
    const { differences } = compared(docOf(4, [], first), docOf(4, [], second));
    expect(differences[0]).toMatchObject({ kind: 'shared-client-id', example: { client: 4, clock: 0, first: shown[0], second: shown[1] } });
  });

  test('one copy went on: what the other lacks is told too', () => {
    expect(compared(docOf(4, [base], write('abc')), docOf(4, [base], write('abX..'))).differences).toMatchObject([
      { kind: 'shared-client-id', ranges: [{ client: 4, clock: 2, length: 1 }] },
      { kind: 'missing-updates', on: 'first', ranges: [{ client: 4, clock: 3, length: 2 }] },
    ]);
  });
});

describe('a document that was created on two sides', () => {
  test('the same text by two clients, nothing in common: merged, Yjs has it twice', () => {
    const [a, b] = [docOf(5, [], write('hello')), docOf(6, [], write('hello'))];
    expect(docOf(9, [saved(a), saved(b)]).getText('text').toString()).toBe('hellohello');
    expect(compared(a, b).differences).toMatchObject([{ kind: 're-seeded', sharesNothing: true, beginnings: [{ clients: [5, 6], length: 5, shown: '“hello”' }] }, { kind: 'missing-updates', on: 'second' }, { kind: 'missing-updates', on: 'first' }]);
  });

  test('also when both went on, and of a map and a nested list', () => {
    const seed = (doc: Y.Doc): void => {
      doc.getMap('map').set('title', 'Untitled');
      doc.getMap('map').set('list', new Y.Array());
    };
    const [a, b] = [docOf(5, [], seed), docOf(6, [], seed)];
    write('mine')(a);
    write('yours, and longer')(b);
    expect(compared(a, b).differences[0]).toMatchObject({ kind: 're-seeded', beginnings: [{ clients: [5, 6], length: 2, shown: '“Untitled”' }] });
  });

  test('merged already: the one document has it twice', () => {
    const merged = docOf(9, [saved(docOf(5, [], write('hello'))), saved(docOf(6, [], write('hello')))]);
    const symptom = { kind: 'seeded-twice', beginnings: [{ clients: [5, 6], length: 5, shown: '“hello”' }] };
    expect(compared(merged, docOf(10, [saved(merged)]))).toEqual({ differences: [], remarks: [], symptoms: [[symptom], [symptom]] });
    merged.getText('text').delete(0, 5);
    expect(compared(merged, merged).symptoms).toEqual([[], []]);
  });

  test('three times: the one is named with each of the others', () => {
    const merged = docOf(9, [5, 6, 7].map((client) => saved(docOf(client, [], write('hello')))));
    expect(compared(merged, merged).symptoms[0]).toMatchObject([{ kind: 'seeded-twice', beginnings: [{ clients: [5, 6] }, { clients: [5, 7] }] }]);
  });

  test('two people who each add a first item to an empty list are no such thing, whatever the items are', () => {
    const add = (title: string) => (doc: Y.Doc): void => {
      const item = new Y.Map<unknown>();
      item.set('title', title);
      doc.getArray('items').push([item]);
    };
    const [a, b] = [docOf(5, [base], add('milk')), docOf(6, [base], add('eggs'))];
    expect(compared(a, b).differences.map(({ kind }) => kind)).toEqual(['missing-updates', 'missing-updates']);
    const both = docOf(9, [saved(a), saved(b)]);
    expect(compared(both, both).symptoms).toEqual([[], []]);
  });

  test('two people who begin with the same letter are no such thing', () => {
    const [a, b] = [docOf(5, [base], write('the cat')), docOf(6, [base], write('the dog'))];
    expect(compared(a, b).differences.map(({ kind }) => kind)).toEqual(['missing-updates', 'missing-updates']);
    expect(compared(docOf(5, [], write('hi')), docOf(6, [], write('hey'))).differences.map(({ kind }) => kind)).toEqual(['missing-updates', 'missing-updates']);
    const both = [docOf(5, [base], (doc) => doc.getMap('map').set('done', true)), docOf(6, [base], (doc) => doc.getMap('map').set('done', true))] as const;
    expect(compared(...both).differences.map(({ kind }) => kind)).toEqual(['missing-updates', 'missing-updates']);
  });
});
