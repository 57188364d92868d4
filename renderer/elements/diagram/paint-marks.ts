/** Events on their lanes, in their authors' colours. */
import type { Brush } from './palette.ts';
import { dashed, dotted, type Scene, solid, struck } from './scene.ts';
import { capsuleRadius, kinds, strikePath, symbolPaths } from './symbols.ts';

const shapes = kinds.map((kind) => new Path2D(symbolPaths[kind]));
const strike = new Path2D(strikePath);
const textKind = kinds.indexOf('text');
/** No capsule is shorter than so many of the design's pixels. */
const capsuleMin = 14;
/**
 * Events of one look that begin within so many pixels are painted once; where there are very many, also
 * those of another kind.
 */
const bucketPx = 2;
const denseBucketPx = 4;
const denseMin = 1_500;

const paleConcurrent = 0.45;
const paleUnfound = 0.18;

export function paintMarks(brush: Brush, scene: Scene): void {
  const {
    plot: { lane, kind, from, to },
    x,
    width,
    states,
  } = scene;
  const [offset, scale] = [x(0), x(1) - x(0)];
  const margin = 20 * brush.palette.unit;
  const isDense = inSight(scene, margin) > denseMin;
  const step = isDense ? denseBucketPx : bucketPx;
  const buckets = Math.ceil((width + 2 * margin) / step) + 1;
  // A bit for each look.
  const painted = new Uint32Array(buckets * scene.plot.timeline.lanes.length);
  for (let at = 0; at < from.length; at++) {
    const [left, right] = [offset + from[at]! * scale, offset + to[at]! * scale];
    if (right < -margin || left > width + margin) continue;
    const bucket = lane[at]! * buckets + Math.max(0, Math.floor((left + margin) / step));
    const look = 1 << ((isDense ? 0 : kind[at]! * 5) + states[at]!);
    const isLong = right - left > step;
    if (!isLong && (painted[bucket]! & look) !== 0) continue;
    painted[bucket]! |= look;
    paintMark(brush, scene, at, left, right, alphaOf(scene, at));
  }
  for (const at of new Set([scene.chosen, scene.current, scene.hovered]))
    if (at !== null && at < from.length)
      paintRing(brush, scene, at, offset + from[at]! * scale, offset + to[at]! * scale);
}

function inSight({ plot: { from, to }, x, width }: Scene, margin: number): number {
  const [first, last] = [x.invert(-margin), x.invert(width + margin)];
  let count = 0;
  for (let at = 0; at < from.length; at++) if (to[at]! >= first && from[at]! <= last) count++;
  return count;
}

function alphaOf({ cone, found }: Scene, at: number): number {
  if (found) return found[at] === 1 ? 1 : paleUnfound;
  return cone?.relations[at] === 'concurrent' ? paleConcurrent : 1;
}

function paintMark(
  { context, palette }: Brush,
  { plot: { timeline, lane, kind }, states, laneY }: Scene,
  at: number,
  left: number,
  right: number,
  alpha: number,
): void {
  const { unit, surface, lost } = palette;
  const { fill, isRing } = palette.colourOf(timeline.lanes[lane[at]!]!);
  const state = states[at]!;
  const isCapsule = kind[at] === textKind;
  const length = capsuleLength(left, right, unit);
  context.save();
  context.translate(left, laneY(lane[at]!));
  context.scale(unit, unit);
  let shape = shapes[kind[at]!]!;
  if (isCapsule) {
    shape = new Path2D();
    shape.roundRect(-capsuleRadius, -capsuleRadius, length, 2 * capsuleRadius, capsuleRadius);
  }
  // What lies beneath does not show through what is pale.
  context.fillStyle = surface;
  if (alpha < 1 || state !== solid) context.fill(shape);
  context.globalAlpha = alpha;
  context.fillStyle = context.strokeStyle = fill;
  context.lineWidth = 2;
  if (state === dashed) context.setLineDash([3.5, 2]);
  if (state === dotted) context.setLineDash([1, 2]);
  if (state === solid) context.fill(shape);
  else context.stroke(shape);
  if (isRing && state === solid) {
    context.fillStyle = surface;
    context.beginPath();
    context.arc(isCapsule ? length / 2 - capsuleRadius : 0, 0, 2, 0, 2 * Math.PI);
    context.fill();
  }
  if (state === struck) {
    context.strokeStyle = lost;
    context.lineWidth = 1.6;
    if (isCapsule) strikeCapsule(context, length);
    else context.stroke(strike);
  }
  context.restore();
}

/** Its round ends stand around the first and the last edit. */
function capsuleLength(left: number, right: number, unit: number): number {
  return Math.max(capsuleMin, (right - left) / unit + 2 * capsuleRadius);
}

function strikeCapsule(context: CanvasRenderingContext2D, length: number): void {
  context.beginPath();
  context.moveTo(-capsuleRadius, capsuleRadius + 1);
  context.lineTo(length - capsuleRadius, -capsuleRadius - 1);
  context.stroke();
}

/** Around the event that is chosen, that the keyboard is on, or under the pointer. */
function paintRing(
  { context, palette: { ink, unit } }: Brush,
  { plot: { lane, kind }, laneY, chosen, current }: Scene,
  at: number,
  left: number,
  right: number,
): void {
  const isCapsule = kind[at] === textKind;
  const radius = 10 * unit;
  const end = isCapsule ? left + (capsuleLength(left, right, unit) - 2 * capsuleRadius) * unit : left;
  context.beginPath();
  context.roundRect(left - radius, laneY(lane[at]!) - radius, end - left + 2 * radius, 2 * radius, radius);
  context.strokeStyle = ink;
  context.lineWidth = (at === chosen || at === current ? 1.75 : 1) * unit;
  context.setLineDash(at === chosen || at === current ? [] : [2 * unit, 2 * unit]);
  context.stroke();
  context.setLineDash([]);
}
