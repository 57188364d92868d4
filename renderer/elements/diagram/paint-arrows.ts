/**
 * Messages: thin arrows, thick ones where a rejoin brought many at once, broken ones that end at the band.
 */
import type { Brush } from './palette.ts';
import type { Scene } from './scene.ts';

/** About so many arrows are painted at most, and heads only where they are fewer. */
const arrowsMax = 1_500;
const headsMax = 500;

export function paintArrows(brush: Brush, scene: Scene): void {
  const {
    palette: { edge, ink, unit },
  } = brush;
  const shown = shownArrows(scene);
  const { arrows } = scene.plot.timeline;
  const thin = shown.filter((at) => !arrows[at]!.isRejoin);
  paintSome(brush, scene, thin, edge, unit, thin.length <= headsMax);
  paintSome(
    brush,
    scene,
    shown.filter((at) => arrows[at]!.isRejoin),
    ink,
    1.75 * unit,
    true,
  );
  paintBroken(brush, scene);
}

/** Of those between two lanes that begin at about one place, one. */
function shownArrows({
  plot: {
    timeline: { arrows, lanes },
    depart,
    arrive,
  },
  x,
  width,
}: Scene): number[] {
  const [offset, scale] = [x(0), x(1) - x(0)];
  const step = Math.max(1, (lanes.length * (lanes.length - 1) * width) / arrowsMax);
  const last = new Map<number, number>();
  const shown: number[] = [];
  for (let at = 0; at < arrows.length; at++) {
    const [left, right] = [offset + depart[at]! * scale, offset + arrive[at]! * scale];
    if (right < 0 || left > width) continue;
    const { from, to, isRejoin } = arrows[at]!;
    const [pair, place] = [from * lanes.length + to, Math.floor(left / step)];
    if (!isRejoin && last.get(pair) === place) continue;
    if (!isRejoin) last.set(pair, place);
    shown.push(at);
  }
  return shown;
}

function paintSome(
  { context, palette: { unit } }: Brush,
  {
    plot: {
      timeline: { arrows },
      depart,
      arrive,
    },
    x,
    laneY,
  }: Scene,
  shown: readonly number[],
  style: string,
  lineWidth: number,
  hasHeads: boolean,
): void {
  const size = 3 * unit + lineWidth;
  context.beginPath();
  for (const at of shown) {
    const { from, to } = arrows[at]!;
    const [x1, x2, fromY, toY] = [x(depart[at]!), x(arrive[at]!), laneY(from), laneY(to)];
    const down = Math.sign(toY - fromY);
    // Beside the symbols, not across them.
    const [y1, y2] = [fromY + down * 6 * unit, toY - down * 2 * unit];
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    if (!hasHeads) continue;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = Math.hypot(dx, dy) || 1;
    const [ux, uy] = [(dx / length) * size, (dy / length) * size];
    context.moveTo(x2 - 1.6 * ux - 0.8 * uy, y2 - 1.6 * uy + 0.8 * ux);
    context.lineTo(x2, y2);
    context.lineTo(x2 - 1.6 * ux + 0.8 * uy, y2 - 1.6 * uy - 0.8 * ux);
  }
  context.strokeStyle = style;
  context.lineWidth = lineWidth;
  context.stroke();
}

/** The last that did not get through, up to the band. */
function paintBroken(
  { context, palette: { edge, ink, unit } }: Brush,
  {
    plot: {
      timeline: { broken },
      axis,
    },
    x,
    laneY,
    width,
  }: Scene,
): void {
  for (const { from, departMs, band } of broken) {
    const x1 = x(axis.at(departMs));
    if (x1 < -40 || x1 > width) continue;
    const [fromY, above, below] = [laneY(from), laneY(band.above), laneY(band.above + 1)];
    const [x2, y2] = [x1 + 12 * unit, (above + below) / 2 - Math.min(16 * unit, (below - above) / 4)];
    context.beginPath();
    context.setLineDash([3 * unit, 2 * unit]);
    context.moveTo(x1, fromY + 6 * unit);
    context.lineTo(x2, y2);
    context.strokeStyle = edge;
    context.lineWidth = unit;
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x2 - 4 * unit, y2 - 4 * unit);
    context.lineTo(x2 + 4 * unit, y2 + 4 * unit);
    context.moveTo(x2 + 4 * unit, y2 - 4 * unit);
    context.lineTo(x2 - 4 * unit, y2 + 4 * unit);
    context.strokeStyle = ink;
    context.lineWidth = 1.6 * unit;
    context.stroke();
  }
}
