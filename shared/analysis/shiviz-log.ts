/**
 * The history as a log for ShiViz, which draws space-time diagrams in a browser: two lines an event, "host clock" and what happened.
 *
 * What happened to the network is left out, as it has no vector clock. Each replica's own entry counts 1, 2, 3, … as ShiViz asks for.
 * Source: Beschastnikh, Wang, Brun, Ernst: "Debugging Distributed Systems", Communications of the ACM 59(8), 2016; bestchai.bitbucket.io/shiviz.
 */
import { dotKey } from '../clocks/dot.ts';
import { fieldOf, type Schema } from '../document/schema.ts';
import { inCausalOrder } from '../history/causal-order.ts';
import { isEdit, isRead, type JournalRecord } from '../history/record.ts';
import { strategyNames } from '../strategies/registry.ts';

/** The log parsing expression that ShiViz offers, and that these lines fit. */
export const shiVizPattern = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`;

/** The log, event by event. */
export function* shiVizLog(schema: Schema, records: readonly JournalRecord[]): Generator<string> {
  for (const record of inCausalOrder(records)) {
    const { dot, context } = record;
    yield `${dot.replica} ${JSON.stringify(context.with(dot).toJSON())}\n${oneLine(deedOf(schema, record))}\n`;
  }
}

function deedOf(schema: Schema, record: JournalRecord): string {
  const name = dotKey(record.dot);
  if (isRead(record)) return `${name} read at ${record.readAt}`;
  if (!isEdit(record)) return `${name} ${strategyNames[record.strategy]} answered ${dotKey(record.settles)}: ${record.settlement.outcome}`;
  return `${name} ${fieldOf(schema, record.field).label}: ${JSON.stringify(record.intent)}`;
}

/** The event's expression ends at any line end. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]/g, ' ');
}
