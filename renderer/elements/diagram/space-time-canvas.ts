/**
 * The canvas of the space-time diagram: its size, what part of the axis it shows, what is under the
 * pointer. Paints at most once a frame, and only after a change.
 *
 * It follows the live end until a person moves it elsewhere; whoever moves it back to the end follows
 * again.
 */
import { type ScaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { type D3ZoomEvent, zoom, type ZoomBehavior, zoomIdentity, type ZoomTransform } from 'd3-zoom';
import RBush from 'rbush';
import type { Timeline } from '../../../shared/analysis/space-time/timeline.ts';
import { paintScene } from './paint-scene.ts';
import { type Palette, paletteOf } from './palette.ts';
import { baseScale, heightMin, laneScale, layout, type Plot, plotOf, type Scene } from './scene.ts';

/** By itself it shows at most about an event for so many pixels. */
const pixelsPerEvent = 9;
/** The shortest time that fills the width, in milliseconds. */
const shownMsMin = 200;
/** How far from an event a click still means it, in pixels. */
const reachPx = 12;

type View =
  /** `length` along the axis; null: as much as can be told apart. */
  | { readonly kind: 'end'; readonly length: number | null }
  | { readonly kind: 'still'; readonly fromMs: number; readonly toMs: number };

export type Marked = Pick<Scene, 'states' | 'cone' | 'chosen' | 'current' | 'hovered' | 'found' | 'momentMs' | 'timeText'>;

export interface CanvasListener {
  readonly hovered: (place: number | null) => void;
  readonly clicked: (place: number | null) => void;
  /** What it shows has moved, or its size is another. */
  readonly moved: () => void;
}

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly place: number;
}

export class SpaceTimeCanvas {
  private timeline: Timeline | null = null;
  private plot: Plot | null = null;
  private marked: Marked | null = null;
  private boxes: RBush<Box> | null = null;
  private palette: Palette;
  private view: View = { kind: 'end', length: null };
  private transform: ZoomTransform = zoomIdentity;
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private size = { width: 0, height: 0, ratio: 0 };
  private frame: number | null = null;
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly observer: ResizeObserver;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly listener: CanvasListener,
  ) {
    this.palette = paletteOf(canvas);
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .filter((event: Event) => isMoving(event))
      .on('zoom', (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.zoomed(event));
    select(canvas).call(this.zoom).on('dblclick.zoom', null);
    canvas.addEventListener('wheel', this.scrolled, { passive: false });
    canvas.addEventListener('pointermove', this.pointed);
    canvas.addEventListener('pointerleave', this.left);
    canvas.addEventListener('click', this.clicked);
    this.dark.addEventListener('change', this.themed);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas.parentElement!);
  }

  disconnect(): void {
    const { canvas } = this;
    this.observer.disconnect();
    select(canvas).on('.zoom', null);
    canvas.removeEventListener('wheel', this.scrolled);
    canvas.removeEventListener('pointermove', this.pointed);
    canvas.removeEventListener('pointerleave', this.left);
    canvas.removeEventListener('click', this.clicked);
    this.dark.removeEventListener('change', this.themed);
    if (this.frame !== null) cancelAnimationFrame(this.frame);
  }

  /** Whether it shows the live end. */
  get isAtEnd(): boolean {
    return this.view.kind === 'end';
  }

  /** A new timeline is laid out with the next frame: not in one go with what its elements make of it. */
  show(timeline: Timeline, marked: Marked): void {
    this.timeline = timeline;
    this.marked = marked;
    this.repaint();
  }

  /** In pixels from the canvas's corner; null: nothing is shown yet. */
  placeOf(place: number): { readonly left: number; readonly right: number; readonly y: number } | null {
    const { plot } = this;
    if (!plot || plot.timeline !== this.timeline || place >= plot.from.length) return null;
    const x = this.scale(plot);
    return {
      left: x(plot.from[place]!),
      right: x(plot.to[place]!),
      y: laneScale(plot.timeline, this.size.height, this.palette.unit)(plot.lane[place]!),
    };
  }

  /** Where a moment stands, in pixels from the canvas's left edge; null: nothing is shown yet. */
  xOf(ms: number): number | null {
    const { plot } = this;
    return plot && plot.timeline === this.timeline ? this.scale(plot)(plot.axis.at(ms)) : null;
  }

  /** The moment at so many pixels from the left edge; null: nothing is shown yet. */
  msAt(x: number): number | null {
    const { plot } = this;
    return plot ? plot.axis.msAt(this.scale(plot).invert(x)) : null;
  }

  /** Moves what is shown so that the moment is in sight. */
  revealMoment(ms: number): void {
    const { plot } = this;
    const x = this.xOf(ms);
    const [left, right] = this.range;
    if (!plot || x === null || (x >= left && x <= right)) return;
    const shown = this.shown(plot);
    const half = (shown.to - shown.from) / 2;
    this.move(plot, plot.axis.at(ms) - half, plot.axis.at(ms) + half);
  }

  /** Moves what is shown so that the event is in sight. */
  reveal(place: number): void {
    const { plot } = this;
    const at = this.placeOf(place);
    if (
      !plot ||
      !at ||
      (at.left >= layout.begin * this.palette.unit &&
        at.left <= this.size.width - layout.nowRight * this.palette.unit)
    )
      return;
    const shown = this.shown(plot);
    const half = (shown.to - shown.from) / 2;
    this.move(plot, plot.from[place]! - half, plot.from[place]! + half);
  }

  /** `factor` above 1: nearer. */
  zoomBy(factor: number): void {
    const { plot } = this;
    if (!plot) return;
    const { from, to } = this.shown(plot);
    const length = (to - from) / factor;
    // Who looks at the end goes on doing so.
    const end = this.isAtEnd ? to : (from + to + length) / 2;
    this.move(plot, end - length, end);
  }

  showEnd(): void {
    this.view = { kind: 'end', length: null };
    this.applyView();
  }

  private move(plot: Plot, from: number, to: number): void {
    const length = Math.min(plot.axis.length, to - from);
    const begin = Math.max(0, Math.min(from, plot.axis.length - length));
    this.setView(plot, begin, begin + length);
    this.applyView();
  }

  private setView({ axis }: Plot, from: number, to: number): void {
    const isEnd = to >= axis.length - (to - from) / 500;
    this.view = isEnd
      ? { kind: 'end', length: to - from }
      : { kind: 'still', fromMs: axis.msAt(from), toMs: axis.msAt(to) };
  }

  /** The part of the axis that is in sight. */
  private shown(plot: Plot): { readonly from: number; readonly to: number } {
    const x = this.scale(plot);
    const [left, right] = this.range;
    return { from: x.invert(left), to: x.invert(right) };
  }

  private get range(): readonly [number, number] {
    const { unit } = this.palette;
    return [layout.begin * unit, Math.max(layout.begin * unit + 1, this.size.width - layout.nowRight * unit)];
  }

  private scale(plot: Plot): ScaleLinear<number, number> {
    return this.transform.rescaleX(baseScale(plot, this.size.width, this.palette.unit));
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas.parentElement!;
    this.palette = paletteOf(this.canvas);
    const height = Math.max(clientHeight, this.plot ? heightMin(this.plot.timeline, this.palette.unit) : 0);
    this.size = { width: clientWidth, height, ratio: devicePixelRatio };
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.canvas.style.height = `${height}px`;
    this.applyView();
  }

  /** Sets the zoom to the view: the axis may have become longer. */
  private applyView(): void {
    const { plot } = this;
    if (!plot || this.size.width === 0) return;
    const [left, right] = this.range;
    const { height } = this.size;
    const whole = Math.max(1, plot.axis.length);
    this.zoom
      .extent([
        [left, 0],
        [right, height],
      ])
      .translateExtent([
        [left, 0],
        [right, height],
      ])
      .scaleExtent([1, Math.max(1, whole / shownMsMin)]);
    const [from, to] = this.viewOn(plot);
    const scale = Math.max(1, whole / Math.max(1, to - from));
    const base = baseScale(plot, this.size.width, this.palette.unit);
    select(this.canvas).call((selection) =>
      this.zoom.transform(selection, zoomIdentity.translate(left - scale * base(from), 0).scale(scale)),
    );
    this.listener.moved();
    this.repaint();
  }

  private viewOn({ axis, from, timeline }: Plot): readonly [number, number] {
    if (this.view.kind === 'still') return [axis.at(this.view.fromMs), axis.at(this.view.toMs)];
    const count =
      Math.max(20, Math.floor(this.size.width / pixelsPerEvent)) *
      Math.min(3, Math.max(1, timeline.lanes.length));
    const own = from.length > count ? axis.length - from[from.length - count]! : axis.length;
    return [Math.max(0, axis.length - (this.view.length ?? own)), axis.length];
  }

  private zoomed({ transform, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    this.transform = transform;
    if (sourceEvent && this.plot) {
      const { from, to } = this.shown(this.plot);
      this.setView(this.plot, from, to);
      this.listener.moved();
    }
    this.repaint();
  }

  private repaint(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.paint();
    });
  }

  private layOut(): void {
    if (!this.timeline || this.plot?.timeline === this.timeline) return;
    this.plot = plotOf(this.timeline);
    this.boxes = null;
    this.resize();
  }

  private paint(): void {
    this.layOut();
    const { plot, marked, size, palette } = this;
    const context = this.canvas.getContext('2d');
    if (!plot || !marked || !context || size.width === 0) return;
    if (size.ratio !== devicePixelRatio) return this.resize();
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    const { width, height } = size;
    paintScene(
      { context, palette },
      {
        ...marked,
        plot,
        width,
        height,
        x: this.scale(plot),
        laneY: laneScale(plot.timeline, height, palette.unit),
      },
    );
  }

  /** The event nearest to a point of the canvas; null: none is near. */
  private at(event: MouseEvent): number | null {
    const { plot } = this;
    if (!plot || plot.timeline !== this.timeline) return null;
    const { left, top } = this.canvas.getBoundingClientRect();
    const [px, py] = [event.clientX - left, event.clientY - top];
    const x = this.scale(plot);
    const laneY = laneScale(plot.timeline, this.size.height, this.palette.unit);
    const reach = reachPx * this.palette.unit;
    const near = this.boxesOf(plot).search({
      minX: x.invert(px - reach),
      maxX: x.invert(px + reach),
      minY: 0,
      maxY: plot.timeline.lanes.length,
    });
    let [best, bestDistance] = [null as number | null, Infinity];
    for (const { place, minX, maxX, minY } of near) {
      const across = Math.max(0, x(minX) - px, px - x(maxX));
      const distance = Math.hypot(across, laneY(minY) - py);
      if (distance <= reach && distance <= bestDistance) [best, bestDistance] = [place, distance];
    }
    return best;
  }

  private boxesOf({ from, to, lane }: Plot): RBush<Box> {
    if (this.boxes) return this.boxes;
    const boxes = Array.from(from, (minX, place): Box => ({
      minX,
      maxX: to[place]!,
      minY: lane[place]!,
      maxY: lane[place]!,
      place,
    }));
    return (this.boxes = new RBush<Box>().load(boxes));
  }

  private readonly pointed = (event: PointerEvent): void => {
    // Who drags moves the diagram.
    if (event.buttons !== 0) return;
    const place = this.at(event);
    this.canvas.style.cursor = place === null ? '' : 'pointer';
    this.listener.hovered(place);
  };

  private readonly left = (): void => this.listener.hovered(null);

  private readonly clicked = (event: MouseEvent): void => this.listener.clicked(this.at(event));

  private readonly themed = (): void => {
    this.palette = paletteOf(this.canvas);
    this.repaint();
  };

  /** Sideways: moves along. */
  private readonly scrolled = (event: WheelEvent): void => {
    const { plot } = this;
    if (!plot || event.ctrlKey || Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    const { from, to } = this.shown(plot);
    const [left, right] = this.range;
    const by = (event.deltaX * (to - from)) / (right - left);
    this.move(plot, from + by, to + by);
  };
}

/** A drag, and a wheel that is meant for the diagram: up and down belongs to the page where that scrolls. */
function isMoving(event: Event): boolean {
  if (event instanceof WheelEvent) {
    const { scrollHeight, clientHeight } = document.documentElement;
    return (
      Math.abs(event.deltaX) <= Math.abs(event.deltaY) &&
      (event.ctrlKey || event.metaKey || scrollHeight <= clientHeight)
    );
  }
  return !(event instanceof MouseEvent) || (event.button === 0 && !event.ctrlKey);
}
