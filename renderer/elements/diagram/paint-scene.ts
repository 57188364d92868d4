/**
 * Paints a scene of the space-time diagram. What would fall onto the same pixels is painted once, so that a
 * frame of 10,000 events costs about what one of some hundred does.
 */
import { duration } from '../../../shared/analysis/phrases.ts';
import { paintArrows } from './paint-arrows.ts';
import { paintMarks } from './paint-marks.ts';
import type { Brush } from './palette.ts';
import { layout, type Scene } from './scene.ts';

export function paintScene(brush: Brush, scene: Scene): void {
  const { context } = brush;
  const { width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(layout.laneLeft * brush.palette.unit, 0, width, height);
  context.clip();
  paintBands(brush, scene);
  paintLanes(brush, scene);
  paintArrows(brush, scene);
  paintMarks(brush, scene);
  paintMoments(brush, scene);
  paintVeil(brush, scene);
  context.restore();
  paintLine(brush, scene);
  paintHeads(brush, scene);
}

/** Hatched where replicas were apart: between their lanes. */
function paintBands(
  brush: Brush,
  {
    plot: {
      timeline: { bands, toMs },
      axis,
    },
    x,
    laneY,
    width,
  }: Scene,
): void {
  const {
    context,
    palette: { hatch, line, unit },
  } = brush;
  for (const band of bands) {
    const left = Math.max(-1, Math.round(x(axis.at(band.fromMs))));
    const right = Math.min(width + 1, Math.round(x(axis.at(band.toMs ?? toMs))));
    if (right <= left) continue;
    const [above, below] = [laneY(band.above), laneY(band.above + 1)];
    const half = Math.min(16 * unit, (below - above) / 4);
    const [top, bottom] = [(above + below) / 2 - half, (above + below) / 2 + half];
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.beginPath();
    for (let at = left - (left % (8 * unit)); at < right + bottom - top; at += 8 * unit) {
      context.moveTo(at, top);
      context.lineTo(at - (bottom - top), bottom);
    }
    context.strokeStyle = hatch;
    context.lineWidth = 1.25 * unit;
    context.stroke();
    context.restore();
    stroke(
      context,
      line,
      1,
      [],
      [
        [left, top, right, top],
        [left, bottom, right, bottom],
      ],
    );
    if (half >= 9 * unit)
      paintLength(
        brush,
        `${duration((band.toMs ?? toMs) - band.fromMs)} apart`,
        left,
        right,
        (above + below) / 2,
      );
  }
}

/** At the end of a band, where it fits. */
function paintLength(
  { context, palette: { surface, ink3, unit, font } }: Brush,
  text: string,
  left: number,
  right: number,
  y: number,
): void {
  context.font = `${12 * unit}px ${font}`;
  context.textBaseline = 'middle';
  const { width } = context.measureText(text);
  if (width + 44 * unit > right - left) return;
  const at = right - 16 * unit - width;
  context.fillStyle = surface;
  context.fillRect(at - 6 * unit, y - 8 * unit, width + 12 * unit, 16 * unit);
  context.fillStyle = ink3;
  context.fillText(text, at, y + 0.5 * unit);
}

/** Of a chosen event: a thick line to what it had seen, a dotted one from where it was seen. */
function paintLanes(
  { context, palette: { line, ink, ink3, unit } }: Brush,
  {
    plot: {
      timeline: { lanes },
      axis,
    },
    x,
    laneY,
    width,
    cone,
  }: Scene,
): void {
  const left = layout.laneLeft * unit;
  stroke(
    context,
    line,
    1,
    [],
    lanes.map((_, lane) => [left, laneY(lane), width, laneY(lane)]),
  );
  if (!cone) return;
  const [past, future]: [Line[], Line[]] = [[], []];
  for (const [lane, toMs] of cone.pastToMs.entries())
    if (toMs !== null) past.push([left, laneY(lane), x(axis.at(toMs)), laneY(lane)]);
  for (const [lane, fromMs] of cone.futureFromMs.entries())
    if (fromMs !== null) future.push([Math.max(left, x(axis.at(fromMs))), laneY(lane), width, laneY(lane)]);
  stroke(
    context,
    ink,
    2.5 * unit,
    [],
    past.filter(([from, , to]) => to > from),
  );
  stroke(
    context,
    ink3,
    2.5 * unit,
    [2 * unit, 3 * unit],
    future.filter(([from, , to]) => to > from),
  );
}

/** When somebody was cut off, and when they rejoined. */
function paintMoments(
  brush: Brush,
  {
    plot: {
      timeline: { apart, toMs },
      axis,
    },
    x,
    width,
    height,
    momentMs,
    timeText,
  }: Scene,
): void {
  const {
    context,
    palette: { ink, ink2, unit, font },
  } = brush;
  context.font = `${12 * unit}px ${font}`;
  context.textBaseline = 'middle';
  const nowX = Math.round(x(axis.at(momentMs ?? toMs)));
  const taken: [number, number][] = [[nowX - 24 * unit, nowX + 24 * unit]];
  const say = (text: string, at: number, alignEnd: boolean, hasScissors: boolean): void => {
    const length = context.measureText(text).width + (hasScissors ? 16 * unit : 0);
    const left = Math.max(layout.laneLeft * unit, alignEnd ? at - 6 * unit - length : at);
    if (
      left + length > width ||
      taken.some(([from, to]) => left < to + 8 * unit && left + length > from - 8 * unit)
    )
      return;
    taken.push([left, left + length]);
    context.fillStyle = ink2;
    if (hasScissors) paintScissors(brush, left, 5 * unit);
    context.fillText(text, left + (hasScissors ? 16 * unit : 0), 11 * unit);
  };
  for (const { toMs: endMs } of apart) {
    const at = endMs === null ? -1 : Math.round(x(axis.at(endMs)));
    if (endMs === null || at < layout.laneLeft * unit || at > width) continue;
    stroke(context, ink, 1.5 * unit, [], [[at, layout.top * unit - 4 * unit, at, height - 6 * unit]]);
    say(`rejoined ${timeText(endMs)}`, at, true, false);
  }
  for (const each of apart) {
    const at = x(axis.at(each.fromMs));
    if (at >= layout.laneLeft * unit - 1 && at <= width)
      say(
        `${each.isEachAlone ? 'all' : each.replicas.join(', ')} cut off ${timeText(each.fromMs)}`,
        at,
        false,
        true,
      );
  }
}

/** What happened after the moment that is shown. */
function paintVeil(
  { context, palette: { surface } }: Brush,
  { plot: { axis }, x, width, height, momentMs }: Scene,
): void {
  if (momentMs === null) return;
  const left = Math.round(x(axis.at(momentMs)));
  context.save();
  context.globalAlpha = 0.78;
  context.fillStyle = surface;
  context.fillRect(left, 0, width - left, height);
  context.restore();
}

/** The moment that is shown: now, or an earlier one. */
function paintLine(
  { context, palette: { ink, unit, font, onInk, surface } }: Brush,
  {
    plot: {
      axis,
      timeline: { marks, toMs },
    },
    x,
    width,
    height,
    momentMs,
    timeText,
  }: Scene,
): void {
  const at = Math.round(x(axis.at(momentMs ?? toMs)));
  if (marks.length === 0 || at > width + 30 || at < layout.laneLeft * unit) return;
  stroke(context, ink, 1.5 * unit, [], [[at, 14 * unit, at, height - 4 * unit]]);
  const text = momentMs === null ? 'Now' : timeText(momentMs);
  context.font = `600 ${12 * unit}px ${font}`;
  const half = Math.max(19 * unit, context.measureText(text).width / 2 + 6 * unit);
  const middle = Math.min(Math.max(at, half), width - half);
  context.fillStyle = ink;
  context.beginPath();
  context.roundRect(middle - half, 2 * unit, 2 * half, 18 * unit, 4 * unit);
  context.fill();
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = onInk || surface;
  context.fillText(text, middle, 11.5 * unit);
  context.textAlign = 'start';
}

/** In a box of 12 by 12. */
function paintScissors({ context, palette: { ink2, unit } }: Brush, left: number, top: number): void {
  context.save();
  context.translate(left, top);
  context.scale(unit, unit);
  context.lineWidth = 1.4;
  context.strokeStyle = ink2;
  context.stroke(scissors);
  context.restore();
}

const scissors = new Path2D(
  'M1.4 9a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0M7.4 9a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0M4 7.7L8.5 1.5M8 7.7L3.5 1.5',
);

/** The letter of each lane on its colour. */
function paintHeads(
  { context, palette }: Brush,
  {
    plot: {
      timeline: { lanes },
    },
    laneY,
  }: Scene,
): void {
  const { unit, font, surface, ink } = palette;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const [lane, replica] of lanes.entries()) {
    const { fill, on, isRing } = palette.colourOf(replica);
    context.font = `700 ${(replica.length > 2 ? 9 : 11) * unit}px ${font}`;
    const half = Math.max(8 * unit, context.measureText(replica).width / 2 + 3 * unit);
    context.beginPath();
    context.roundRect(
      Math.max(10 * unit, half) - half,
      laneY(lane) - 8 * unit,
      2 * half,
      16 * unit,
      8 * unit,
    );
    context.fillStyle = isRing ? surface : fill;
    context.fill();
    if (isRing) {
      context.strokeStyle = fill;
      context.lineWidth = 2.5 * unit;
      context.stroke();
    }
    context.fillStyle = isRing ? ink : on;
    context.fillText(replica, Math.max(10 * unit, half), laneY(lane) + 0.5 * unit);
  }
  context.textAlign = 'start';
}

type Line = [x1: number, y1: number, x2: number, y2: number];

function stroke(
  context: CanvasRenderingContext2D,
  style: string,
  width: number,
  dash: readonly number[],
  lines: readonly Line[],
): void {
  context.beginPath();
  for (const [x1, y1, x2, y2] of lines) {
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
  }
  context.strokeStyle = style;
  context.lineWidth = width;
  context.setLineDash(dash as number[]);
  context.stroke();
  context.setLineDash([]);
}
