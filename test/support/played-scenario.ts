/** Scenarios of a few steps on one document that has a field of each type. */
import { checkScenario, type CheckedRun } from '../../shared/scenarios/check-scenario.ts';
import { plain } from '../../shared/scenarios/action-intent.ts';
import type { RunOptions, ScenarioRun } from '../../shared/scenarios/run-scenario.ts';
import { readScenario } from '../../shared/scenarios/read-scenario.ts';
import { fieldOf, type FieldValue } from '../../shared/document/schema.ts';
import { isEdit, type EditRecord, type StrategyId } from '../../shared/history/record.ts';

const head = `title: A few steps
fields:
  title: { type: register, initial: Weekend }
  notes: { type: text, initial: one two }
  votes: { type: counter, initial: 5 }
  tags: { type: set, initial: [sea] }
  tasks: { type: list, initial: [Hotel, { label: Tickets, done: true }] }
  seats: { type: stock, initial: 3 }
`;

/** Plays steps, each an element of a YAML list in flow style; `more`: further members of the file. */
export function played(steps: readonly string[], more = '', options: RunOptions = {}): Promise<CheckedRun> {
  return checkScenario(readScenario(`${head}steps:\n${steps.map((step) => `  - ${step}\n`).join('')}${more}`, 'steps.yaml'), options);
}

/** What a replica shows in the end; of a list, the labels, with a tick for those that are done. */
export function shownAt(run: ScenarioRun, replica: string, field: string, strategy: StrategyId = 'crdt'): FieldValue | readonly string[] {
  const value = run.room.at(replica).replica.value(strategy, field);
  const spec = fieldOf(run.scenario.schema, field);
  if (spec.type !== 'list') return plain(spec, value);
  return (value as readonly { label: string; done: boolean }[]).map(({ label, done }) => (done ? `✓ ${label}` : label));
}

/** What people did, replica by replica; not what coordinated strategies gather of typing. */
export function editsOf(run: ScenarioRun): EditRecord[] {
  return run.records.filter(isEdit).filter(({ gathers }) => gathers === undefined);
}
