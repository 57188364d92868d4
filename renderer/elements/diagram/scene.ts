/** What the canvas paints: a timeline on its axis, and where it is looked at. */
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Cone } from '../../../shared/analysis/space-time/cones.ts';
import { isDecidedBy } from '../../../shared/analysis/space-time/at-moment.ts';
import { axisOf, type TimeAxis } from '../../../shared/analysis/space-time/time-axis.ts';
import { fateOf, type Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { kinds } from './symbols.ts';

/**
 * How a mark is drawn: solid, hollow (refused), dashed (unknown), hollow and struck (lost), dotted (has not
 * come through).
 */
export type MarkState = 0 | 1 | 2 | 3 | 4;
export const solid: MarkState = 0;
export const hollow: MarkState = 1;
export const dashed: MarkState = 2;
export const struck: MarkState = 3;
export const dotted: MarkState = 4;

/** A timeline with its numbers beside each other, as each frame goes through them. */
export interface Plot {
  readonly timeline: Timeline;
  readonly axis: TimeAxis;
  /** Of each mark: begin and end along the axis, lane, place of its kind. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly lane: Uint16Array;
  readonly kind: Uint8Array;
  /** Of each arrow. */
  readonly depart: Float64Array;
  readonly arrive: Float64Array;
}

export function plotOf(timeline: Timeline): Plot {
  const axis = axisOf(timeline);
  const { marks, arrows } = timeline;
  return {
    timeline,
    axis,
    from: Float64Array.from(marks, ({ fromMs }) => axis.at(fromMs)),
    to: Float64Array.from(marks, ({ toMs }) => axis.at(toMs)),
    lane: Uint16Array.from(marks, ({ lane }) => lane),
    kind: Uint8Array.from(marks, ({ kind }) => kinds.indexOf(kind)),
    depart: Float64Array.from(arrows, ({ departMs }) => axis.at(departMs)),
    arrive: Float64Array.from(arrows, ({ arriveMs }) => axis.at(arriveMs)),
  };
}

/** `momentMs`: the earlier moment that is shown; null: now. Nothing is lost before it was lost. */
export function markStates(
  { marks, strategies }: Timeline,
  strategy: StrategyId | null,
  momentMs: number | null,
): Uint8Array {
  return Uint8Array.from(marks, (mark): MarkState => {
    if (!mark.isHere) return dotted;
    const isOpen = momentMs !== null && !isDecidedBy(mark, momentMs);
    switch (fateOf(mark, strategies, strategy)) {
      case 'lost':
        return isOpen ? solid : struck;
      case 'refused':
        return hollow;
      case 'unknown':
        return dashed;
      default:
        return solid;
    }
  });
}

export interface Scene {
  readonly plot: Plot;
  readonly width: number;
  readonly height: number;
  /** From places along the axis to pixels. */
  readonly x: ScaleLinear<number, number>;
  readonly laneY: (lane: number) => number;
  readonly states: Uint8Array;
  /** Of the chosen mark. */
  readonly cone: Cone | null;
  readonly chosen: number | null;
  /** The mark that the keyboard is on. */
  readonly current: number | null;
  readonly hovered: number | null;
  /** By mark, 1 where it is what is looked for; null: nothing is looked for. */
  readonly found: Uint8Array | null;
  /** The earlier moment that all windows show, in milliseconds since the Unix epoch; null: now. */
  readonly momentMs: number | null;
  readonly timeText: (ms: number) => string;
}

/** Lengths in the design's pixels. */
export const layout = { laneLeft: 30, begin: 42, nowRight: 44, top: 24, bottom: 4, laneMin: 22 } as const;

/** The whole axis, from edge to edge of what is drawn. */
export function baseScale({ axis }: Plot, width: number, unit: number): ScaleLinear<number, number> {
  return scaleLinear()
    .domain([0, Math.max(1, axis.length)])
    .range([layout.begin * unit, Math.max(layout.begin * unit + 1, width - layout.nowRight * unit)]);
}

export function heightMin({ lanes }: Timeline, unit: number): number {
  return (layout.top + layout.bottom + lanes.length * layout.laneMin) * unit;
}

export function laneScale({ lanes }: Timeline, height: number, unit: number): (lane: number) => number {
  const [top, bottom] = [layout.top * unit, height - layout.bottom * unit];
  return (lane) => Math.round(top + ((lane + 0.5) * (bottom - top)) / Math.max(1, lanes.length));
}
