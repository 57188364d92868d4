/** Looking for events: by words, neighbours on the lanes, and what is said of each. */
import { strategyNames } from '../../strategies/registry.ts';
import type { StrategyId } from '../../history/record.ts';
import { firstIndex } from '../concurrency.ts';
import type { Disposition } from '../fates/fate.ts';
import { capital, listOf } from '../phrases.ts';
import { fateOf, type Mark, type Timeline } from './timeline.ts';

/**
 * The places among the marks of those that all words fit: a dot ("A:3"), the name of a replica, or a part
 * of the field's name or of what was done. Null where nothing is looked for.
 */
export function matching(
  { marks, lanes }: Pick<Timeline, 'marks' | 'lanes'>,
  query: string,
): number[] | null {
  const words = query
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  const names = lanes.map((replica) => replica.toLowerCase());
  const tests = words.map((word) => testOf(word, names));
  return marks.flatMap((mark, place) => (tests.every((test) => test(mark)) ? [place] : []));
}

function testOf(word: string, names: readonly string[]): (mark: Mark) => boolean {
  const [, name = '', number = ''] = /^(.+):(\d+)$/.exec(word) ?? [];
  const dotLane = names.indexOf(name);
  if (dotLane >= 0)
    return ({ lane, numbers: [first, last] }) =>
      lane === dotLane && first <= Number(number) && Number(number) <= last;
  const lane = names.indexOf(word);
  if (lane >= 0) return (mark) => mark.lane === lane;
  return ({ field, text }) => `${field}: ${text}`.toLowerCase().includes(word);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The place of the neighbour on the lane (left, right), or of the nearest in time on the next lane that has
 * any (up, down); null: there is none.
 */
export function neighbourOf(
  { marks, lanes }: Pick<Timeline, 'marks' | 'lanes'>,
  place: number,
  direction: Direction,
): number | null {
  const mark = marks[place]!;
  if (direction === 'left' || direction === 'right')
    return nextOn(marks, mark.lane, place, direction === 'left' ? -1 : 1);
  const step = direction === 'up' ? -1 : 1;
  for (let lane = mark.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const nearest = nearestOn(marks, lane, mark.fromMs);
    if (nearest !== null) return nearest;
  }
  return null;
}

function nextOn(marks: readonly Mark[], lane: number, place: number, step: 1 | -1): number | null {
  for (let at = place + step; at >= 0 && at < marks.length; at += step)
    if (marks[at]!.lane === lane) return at;
  return null;
}

function nearestOn(marks: readonly Mark[], lane: number, ms: number): number | null {
  const at = firstIndex(marks, ({ fromMs }) => fromMs >= ms);
  const [before, after] = [nextOn(marks, lane, at, -1), nextOn(marks, lane, at - 1, 1)];
  if (before === null || after === null) return before ?? after;
  return ms - marks[before]!.fromMs <= marks[after]!.fromMs - ms ? before : after;
}

const fateWords: Readonly<Partial<Record<Disposition, string>>> = {
  lost: 'lost',
  sibling: 'to resolve',
  resurrected: 'came back',
  refused: 'refused',
  unknown: 'unknown',
  superseded: 'superseded',
  visible: 'kept',
};

export function isLost(
  timeline: Pick<Timeline, 'strategies'>,
  mark: Mark,
  strategy: StrategyId | null,
): boolean {
  return fateOf(mark, timeline.strategies, strategy) === 'lost';
}

/** "Lost under Last writer wins: A wrote 4 s later"; empty where nothing is to be said of it. */
export function fateSentence(
  { strategies }: Pick<Timeline, 'strategies'>,
  mark: Mark,
  strategy: StrategyId | null,
): string {
  const word = fateWords[fateOf(mark, strategies, strategy) ?? 'pending'];
  if (strategy === null || word === undefined) return '';
  const reason = mark.reasons[strategy];
  return `${capital(word)} under ${strategyNames[strategy]}${reason ? `: ${reason}` : ''}`;
}

/** "Waiting: A and B have not seen it"; empty where all that are waited for have it. */
export function waitingSentence(
  { lanes, isAwaited }: Pick<Timeline, 'lanes' | 'isAwaited'>,
  { arrivedMs }: Mark,
): string {
  const lacking = lanes.filter((_, lane) => isAwaited[lane] && arrivedMs[lane] === null);
  return lacking.length === 0
    ? ''
    : `Waiting: ${listOf(lacking)} ${lacking.length === 1 ? 'has' : 'have'} not seen it`;
}
