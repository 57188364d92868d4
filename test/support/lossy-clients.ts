/** y-websocket clients of which each close is noted, and what they do over lossy links. */
import * as Y from 'yjs';
import { joinAsApp, until } from './lab-fixture.ts';

export interface FollowedApp {
  readonly name: string;
  readonly doc: Y.Doc;
  /** How its connections ended. */
  readonly closes: { readonly code: number; readonly reason: string }[];
}

const faults = { dropRate: 0.3, duplicateRate: 0.2, reorderRate: 0.3, latencyMs: 1, jitterMs: 2 };
/** So many edits before the relays have a turn. */
const burst = 10;

/** Resolves when all are synced. */
export async function joinFollowed(lab: { ws: string }, names: readonly string[]): Promise<FollowedApp[]> {
  const joined = names.map((name) => {
    const doc = new Y.Doc();
    const provider = joinAsApp(lab, 'lab', doc, { name });
    const closes: { code: number; reason: string }[] = [];
    provider.on('connection-close', (event) => event && closes.push({ code: event.code, reason: event.reason }));
    return { provider, app: { name, doc, closes } };
  });
  await until(() => joined.every(({ provider }) => provider.synced));
  return joined.map(({ app }) => app);
}

/** So many transactions, by one app after the other, each of a text and a map. */
export async function typeOverLossyLinks(bend: (name: string, link: object) => Promise<void>, apps: readonly FollowedApp[], edits: number): Promise<void> {
  for (const { name } of apps) await bend(name, { upstream: faults, downstream: faults });
  for (let i = 0; i < edits; i++) {
    const { doc } = apps[i % apps.length]!;
    doc.transact(() => {
      doc.getText('t').insert(doc.getText('t').length, 'x');
      doc.getMap('m').set(`key ${i % 10}`, i);
      if (i % 7 === 0) doc.getText('t').delete(0, 1);
    });
    if (i % burst === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
