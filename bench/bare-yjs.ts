/** The same merges as a replayed trace, with Yjs alone: what there is to pay for the text itself. */
import * as Y from 'yjs';
import type { EditingTrace } from '../shared/replay/editing-trace.ts';

interface Agent {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  /** Updates of its own edits. */
  readonly updates: Uint8Array[];
  /** How many of each agent's updates it has. */
  readonly seen: number[];
}

export interface BareOptions {
  /** The client id of the first agent; default 2. The others have the next ones. */
  readonly firstClient?: number;
  /** The name of the text; default "text". */
  readonly name?: string;
  /** Told of the update of each edit, in the order in which they were made. */
  readonly onUpdate?: (update: Uint8Array) => void;
}

/** The text after all of a trace whose agents have one line of edits each, in characters of one code unit. */
export function bareYjs({ agents, transactions }: EditingTrace, options: BareOptions = {}): string {
  const all = Array.from({ length: agents }, (_, agent) => newAgent(agent, agents, options));
  const after: number[][] = [];
  for (const { parents, agent, patches } of transactions) {
    const me = all[agent]!;
    const context = all.map((_, each) => Math.max(0, ...parents.map((parent) => after[parent]![each]!)));
    bring(me, all, context);
    for (const { position, deleted, inserted } of patches) {
      me.doc.transact(() => {
        if (deleted > 0) me.text.delete(position, deleted);
        if (inserted !== '') me.text.insert(position, inserted);
      });
    }
    me.seen[agent] = me.updates.length;
    after.push([...me.seen]);
  }
  for (const me of all) bring(me, all, all.map(({ updates }) => updates.length));
  return all[0]?.text.toString() ?? '';
}

function newAgent(agent: number, agents: number, { firstClient = 2, name = 'text', onUpdate }: BareOptions): Agent {
  const doc = new Y.Doc();
  doc.clientID = agent + firstClient;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'peer') return;
    updates.push(update);
    onUpdate?.(update);
  });
  return { doc, text: doc.getText(name), updates, seen: new Array<number>(agents).fill(0) };
}

function bring(me: Agent, all: readonly Agent[], context: readonly number[]): void {
  if (context.every((count, agent) => count <= me.seen[agent]!)) return;
  me.doc.transact(() => {
    all.forEach(({ updates }, agent) => {
      for (let at = me.seen[agent]!; at < context[agent]!; at++) Y.applyUpdate(me.doc, updates[at]!, 'peer');
      me.seen[agent] = Math.max(me.seen[agent]!, context[agent]!);
    });
  }, 'peer');
}
