/**
 * Fingerprints of runs: of every byte of their histories, network events and messages included, and of their scorecards. Uses nothing of Node, so that
 * it can be bundled and asked for in other processes, in threads and in browsers.
 */
import * as Y from 'yjs';
import { labSchema } from '../../shared/document/schema.ts';
import { jsonHistoryLines } from '../../shared/history/json-lines.ts';
import { checkScenario } from '../../shared/scenarios/check-scenario.ts';
import { randomSteps, scenarioWith } from '../../shared/scenarios/random-scenario.ts';
import { readScenario } from '../../shared/scenarios/read-scenario.ts';
import type { Scenario } from '../../shared/scenarios/scenario.ts';
import { parseScenario } from '../../shared/scenarios/parse-scenario.ts';

export interface WantedRuns {
  /** Texts of scenarios, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Of random runs of the lab's document. */
  readonly seeds: readonly number[];
}

/** By name of the run. */
export async function fingerprints({ texts, seeds }: WantedRuns): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) found[name] = await fingerprintOf(readScenario(text, name), 1);
  for (const seed of seeds) found[`random, seed ${seed}`] = await fingerprintOf(randomScenario(seed), seed);
  return found;
}

function randomScenario(seed: number): Scenario {
  const fields = Object.fromEntries(labSchema.map(({ id, type, label, initial }) => [id, { type, label, initial }])) as Parameters<typeof scenarioWith>[0]['fields'];
  const template = { title: 'A random run', lookAt: '', fields, replicas: ['A', 'B', 'C', 'D'], expect: {} };
  return parseScenario(scenarioWith(template, randomSteps(parseScenario(scenarioWith(template, [])), seed, { edits: 50, faults: 8 })));
}

async function fingerprintOf(scenario: Scenario, seed: number): Promise<string> {
  const { run, outcome } = await checkScenario(scenario, { seed, impossible: 'pass-over', notesMessages: true, verdicts: false });
  const { schema, strategies, replicas } = scenario;
  const print = new Fingerprint();
  for (const part of jsonHistoryLines({ schema, strategies, replicas, records: run.records, events: run.events, document: Y.encodeStateAsUpdate(run.document) })) print.add(part);
  print.add(JSON.stringify([outcome, run.figures, run.judgements.map(({ sentence }) => sentence), run.review.map(({ sentence }) => sentence)]));
  return print.text;
}

/** FNV-1a, 32 bits, twice with different beginnings, over UTF-16 code units. Source: Fowler, Noll, Vo. */
class Fingerprint {
  private a = 0x811c9dc5;
  private b = 0x01234567;
  private length = 0;

  add(text: string): void {
    this.length += text.length;
    for (let i = 0; i < text.length; i++) {
      this.a = Math.imul(this.a ^ text.charCodeAt(i), 0x01000193);
      this.b = Math.imul(this.b ^ text.charCodeAt(i), 0x01000193);
    }
  }

  get text(): string {
    return `${(this.a >>> 0).toString(16)}-${(this.b >>> 0).toString(16)}-${this.length}`;
  }
}
