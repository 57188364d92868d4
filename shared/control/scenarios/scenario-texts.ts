/** Scenarios that came to a room as texts: each has a name there, by which it can be chosen again. In memory; the latest ones only. */
import { getOrMake } from '../../analysis/concurrency.ts';
import { errorText } from '../../encoding/error-text.ts';
import { readScenario } from '../../scenarios/read-scenario.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { Problem } from '../problem.ts';
import { isOfText } from '../scenario-names.ts';

/** So many texts of a room can be chosen again. */
const textsMax = 8;

interface Known {
  readonly text: string;
  readonly scenario: Scenario;
}

export class ScenarioTexts {
  /** By room and name, the latest last. */
  private readonly rooms = new Map<string, Map<string, Known>>();

  /** The names of a room's texts, the latest last: "text:1". */
  names(room: string): string[] {
    return [...(this.rooms.get(room)?.keys() ?? [])];
  }

  get(room: string, name: string): Known | undefined {
    return isOfText(name) ? this.rooms.get(room)?.get(name) : undefined;
  }

  /** The name of a text: a new one, unless it came before. Throws a Problem 400 where it cannot be read. */
  keep(room: string, text: string): string {
    const scenario = scenarioOf(text, 'the text');
    const texts = getOrMake(this.rooms, room, () => new Map<string, Known>());
    const known = [...texts].find(([, each]) => each.text === text)?.[0];
    if (known !== undefined) return known;
    const names = [...texts.keys()];
    const name = `text:${Number(names.at(-1)?.slice('text:'.length) ?? 0) + 1}`;
    texts.set(name, { text, scenario });
    if (names.length >= textsMax) texts.delete(names[0]!);
    return name;
  }
}

/** `name`: for what is wrong in it. Throws a Problem 400 where it cannot be read. */
export function scenarioOf(text: string, name: string): Scenario {
  try {
    return readScenario(text, name);
  } catch (error) {
    throw new Problem(400, errorText(error));
  }
}
