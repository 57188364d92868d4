/** People typing into one text at once, recorded as an editing trace, with what Yjs itself made of it. */
import * as Y from 'yjs';
import type { EditingTrace, TraceTransaction } from '../../shared/replay/editing-trace.ts';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';

interface Person {
  readonly doc: Y.Doc;
  /** The transactions that its next one is made after. */
  heads: number[];
}

/** The recording that others are read from in tests, from the top of the project; it is no part of it. */
export const sharedRecording = '../shared/traces/friendsforever.json.gz';

const alphabet = [...'abcdefgh ', '👍', 'ä', '\n'];

/** Each person now and then hears what one other has; positions count code points. */
export function recordedSession(random: SeededRandom, people: number, steps: number): EditingTrace {
  const all = Array.from({ length: people }, (_, agent): Person => {
    const doc = new Y.Doc();
    doc.clientID = agent + 2;
    return { doc, heads: [] };
  });
  const transactions: TraceTransaction[] = [];
  const ancestors: Set<number>[] = [];
  for (let step = 0; step < steps; step++) {
    const agent = random.below(people);
    const me = all[agent]!;
    if (random.chance(0.2)) hear(me, random.pick(all), ancestors);
    const patches = Array.from({ length: 1 + (random.chance(0.1) ? 1 : 0) }, () => typedPatch(random, me.doc));
    ancestors.push(new Set(me.heads.flatMap((head) => [head, ...ancestors[head]!])));
    transactions.push({ parents: me.heads, agent, timeMs: null, patches });
    me.heads = [step];
  }
  const end = new Y.Doc();
  for (const { doc } of all) Y.applyUpdate(end, Y.encodeStateAsUpdate(doc));
  return { endContent: end.getText('text').toString(), agents: people, transactions };
}

function hear(me: Person, other: Person, ancestors: readonly Set<number>[]): void {
  Y.applyUpdate(me.doc, Y.encodeStateAsUpdate(other.doc));
  const heads = [...new Set([...me.heads, ...other.heads])];
  me.heads = heads.filter((head) => !heads.some((each) => ancestors[each]!.has(head))).sort((a, b) => a - b);
}

function typedPatch(random: SeededRandom, doc: Y.Doc): TraceTransaction['patches'][number] {
  const text = doc.getText('text');
  const characters = [...text.toString()];
  const position = random.below(characters.length + 1);
  const deleted = random.chance(0.25) ? Math.min(1 + random.below(3), characters.length - position) : 0;
  const inserted = deleted > 0 && random.chance(0.5) ? '' : Array.from({ length: 1 + random.below(3) }, () => random.pick(alphabet)).join('');
  const index = characters.slice(0, position).join('').length;
  doc.transact(() => {
    text.delete(index, characters.slice(position, position + deleted).join('').length);
    text.insert(index, inserted);
  });
  return { position, deleted, inserted };
}
