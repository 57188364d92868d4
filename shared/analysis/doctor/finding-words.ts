/** Findings in plain sentences: what is wrong, and how to mend it. */
import { quoted } from '../phrases.ts';
import type { ClockRange } from './clock-ranges.ts';
import type { Root, RootUse } from './document-roots.ts';
import type { Difference, Finding, Remark, SameBeginning, ShownRange, Side, Symptom, Whereabouts } from './finding.ts';

export interface Words {
  readonly says: string;
  /** Null where there is nothing to mend. */
  readonly mend: string | null;
}

/** The names of findings for people. */
export const headings: Readonly<Record<Finding['kind'], string>> = {
  'missing-updates': 'Missing updates',
  'shared-client-id': 'A shared client id',
  're-seeded': 'A re-seeded document',
  'deletions-differ': 'Deletions on one side alone',
  'pending-structs': 'Edits that wait',
  'pending-deletions': 'Deletions that wait',
  'mixed-root': 'One root of two types',
  'seeded-twice': 'Created twice',
  formats: 'Two formats',
  collected: 'Garbage collected',
  empty: 'An empty document',
};

/** What a root was used as, for people. */
export const useWords: Readonly<Record<RootUse, string>> = {
  text: 'a text',
  map: 'a map',
  array: 'an array',
  xml: 'an XML fragment',
};

/** Most ranges that a sentence names. */
const namedMax = 5;

/** Of one document. */
export function symptomWords(symptom: Symptom, name: string): Words {
  switch (symptom.kind) {
    case 'pending-structs': return pendingWords(symptom, name);
    case 'pending-deletions': return {
      says: `${name} holds deletions of what it does not show yet: ${ranges(symptom.ranges)}.`,
      mend: 'Nothing is wrong with them: Yjs carries them out as soon as it has got these edits.',
    };
    case 'mixed-root': return {
      says: `${name} has ${mixedRoots(symptom.roots)}. A root has one type, that which a program asks for first; what was written as another one is there, and that program does not see it.`,
      mend: 'Give each its own name in the program, for instance doc.getText("body") and doc.getMap("meta"), and move by hand what was written under the wrong one. (A Y.Text with attributes of its own, by setAttribute, looks the same and is sound.)',
    };
    case 'seeded-twice': return {
      says: `${name} seems to have been created twice: ${beginnings(symptom.beginnings)}. So it is in there twice.`,
      mend: 'Delete one of the two by an ordinary edit, and create documents in one place only: whoever finds a document empty waits until it has synced before filling it.',
    };
  }
}

export interface Names {
  readonly first: string;
  readonly second: string;
  /** They are islands of one room: healing it mends what they lack of each other. */
  readonly areIslands?: boolean;
}

const healing = 'Heal the room (DELETE /-/api/rooms/ROOM/islands, or POST …/reset): each side then gets what the other did.';

/** Of two documents. `all`: the other differences between them, as mending one may have to wait for another. */
export function differenceWords(difference: Difference, names: Names, all: readonly Difference[]): Words {
  switch (difference.kind) {
    case 'missing-updates': return missingWords(difference, names, all);
    case 'shared-client-id': return sharedWords(difference, names);
    case 're-seeded': return reSeededWords(difference, names);
    case 'deletions-differ': return deletionWords(difference, names);
  }
}

export function remarkWords(remark: Remark, names: Names): Words {
  switch (remark.kind) {
    case 'formats': return {
      says: `${names.first} is an update of version ${remark.first.slice(1)}, ${names.second} one of version ${remark.second.slice(1)}.`,
      mend: 'Read each by its own function: Y.applyUpdate takes version 1, Y.applyUpdateV2 version 2. An update of version 2 given to Y.applyUpdate often does nothing, without an error.',
    };
    case 'collected': return { says: `Of what both have deleted, ${names[remark.on]} has thrown away ${units(remark.units)} of content and ${names[otherSide(remark.on)]} has kept it; that makes no difference (Yjs collects garbage unless gc is false).`, mend: null };
    case 'empty': return {
      says: `${names[remark.which]} is empty: not one edit is in it.`,
      mend: 'If it should not be, look whether it was saved before it had synced, or read by the function of the other version: that is empty too.',
    };
  }
}

function missingWords({ on, ranges: missing }: Difference & { kind: 'missing-updates' }, names: Names, all: readonly Difference[]): Words {
  const [here, there] = [names[on], names[otherSide(on)]];
  const says = `${here} lacks edits that ${there} has: ${ranges(missing)}.`;
  if (all.some(({ kind }) => kind === 'shared-client-id')) return { says, mend: 'Mend the shared client id first; until then nothing that is merged can be trusted.' };
  const seeds = new Set(all.flatMap((each) => (each.kind === 're-seeded' ? each.beginnings.flatMap(({ clients }) => clients) : [])));
  if (missing.some(({ client }) => seeds.has(client))) return { says, mend: 'Do not merge them as they are: what was created twice would be there twice.' };
  if (names.areIslands) return { says, mend: healing };
  return {
    says,
    mend: `Give ${here} what ${there} has: Y.applyUpdate(doc, update) with the whole of ${there}, or let both sync with the same provider. Then look for what lost it: a message dropped, a listener attached too late, a write that was not awaited.`,
  };
}

function sharedWords({ ranges: clashes, example }: Difference & { kind: 'shared-client-id' }, names: Names): Words {
  const what = example.first === example.second ? 'the same content at two places' : `${example.first ?? 'something'} in ${names.first} and ${example.second ?? 'something'} in ${names.second}`;
  return {
    says: `The same edits are not the same: ${ranges(clashes)}; at clock ${example.clock} there is ${what}. Two copies wrote with one client id, as happens after a restore from a backup or with a copied database. Yjs takes what comes twice for known: they stay different for ever, however often they sync.`,
    mend: 'No sync can mend it. Keep one of the two, load it into a new Y.Doc (which draws a new client id), and make by hand what only the other has. Never store a client id, and never start two copies from one that is still running.',
  };
}

function reSeededWords({ beginnings: pairs, sharesNothing }: Difference & { kind: 're-seeded' }, names: Names): Words {
  return {
    says: `${names.first} and ${names.second} seem to have been created from the same content, each by itself: ${beginnings(pairs)}${sharesNothing ? ', and they have no edit in common' : ''}. Yjs takes that for different edits: merged, a text is there twice (“hellohello”), and of two types under one key of a map one goes, with all that is in it.`,
    mend: 'Do not merge them. Keep one, and make by hand in it what only the other has. Create a document once, in one place, and have the others load it; or ship the first update as bytes that all of them apply.',
  };
}

function deletionWords({ deletedOn, ranges: deleted, sameStateVectors }: Difference & { kind: 'deletions-differ' }, names: Names): Words {
  const [here, there] = [names[deletedOn], names[otherSide(deletedOn)]];
  return {
    says: `Deleted in ${here} alone: ${ranges(deleted)}.${sameStateVectors ? ' The state vectors are equal all the same: a state vector counts what was inserted, and says nothing of deletions.' : ''}`,
    mend: names.areIslands ? healing : `Give ${there} any update of ${here}: each carries all deletions, also Y.encodeStateAsUpdate(doc, stateVector). Do not skip a sync because state vectors are equal, and compare documents by Y.equalSnapshots.`,
  };
}

function pendingWords({ waits }: Symptom & { kind: 'pending-structs' }, name: string): Words {
  const each = waits.slice(0, namedMax).map(({ client, clock, units: count, for: unit, is }) => `client ${client} from clock ${clock} (${units(count)}) for client ${unit.client}, clock ${unit.clock}${whereabouts[is]}`);
  const isReach = waits.some(({ is }) => is === 'elsewhere');
  return {
    says: `${name} has edits that Yjs cannot apply yet, so nobody sees them. What waits: ${each.join('; ')}${more(waits.length)}.`,
    mend: isReach ? 'Give it what it waits for, from the document that has it; the edits then appear by themselves.' : 'Find who made what it waits for, and let that copy sync; the edits then appear by themselves. Until then leave them where they are: they are saved with the document.',
  };
}

const whereabouts: Readonly<Record<Whereabouts, string>> = { elsewhere: ', which another document has', nowhere: ', which is not here', 'waiting-too': ', which waits itself' };

function ranges(all: readonly (ClockRange | ShownRange)[]): string {
  const each = all.slice(0, namedMax).map((range) => `client ${range.client}, ${clocks(range)}${'shown' in range && range.shown !== null ? ` (${range.shown})` : ''}`);
  return `${each.join('; ')}${more(all.length)}`;
}

function clocks({ clock, length }: ClockRange): string {
  return length === 1 ? `clock ${clock}` : `clocks ${clock}–${clock + length - 1}`;
}

function mixedRoots(roots: readonly Pick<Root, 'name' | 'uses'>[]): string {
  const each = roots.slice(0, namedMax).map(({ name, uses }) => `the root ${quoted(name)} used as ${uses.map((use) => useWords[use]).join(' and as ')}`);
  return `${each.join('; ')}${more(roots.length)}`;
}

function beginnings(pairs: readonly SameBeginning[]): string {
  const each = pairs.slice(0, namedMax).map(({ clients: [a, b], length, shown }) => `clients ${a} and ${b} begin with the same ${units(length)}${shown === null ? '' : ` (${shown})`}`);
  return `${each.join('; ')}${more(pairs.length)}`;
}

function more(count: number): string {
  return count > namedMax ? `; and ${(count - namedMax).toLocaleString('en-US')} more` : '';
}

function units(count: number): string {
  return count === 1 ? '1 unit' : `${count.toLocaleString('en-US')} units`;
}

function otherSide(side: Side): Side {
  return side === 'first' ? 'second' : 'first';
}
