/** A replica that a pointer drags over the map: where it is, and which hull it is over. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MapLayout, Point } from './map-layout.ts';

/** A hand is not quite still when it clicks. */
const clickPx = 6;

/** Width of the strip at the right where a replica is dropped to leave a room that is whole. */
const zonePx = 84;

interface Dragged {
  readonly replica: string;
  readonly place: Point;
  /** Replicas of the hull below it; null: none, so an island of its own. */
  readonly over: readonly string[] | null;
}

export class ReplicaDrag implements ReactiveController {
  private dragged: Dragged | null = null;
  private justDropped = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly dropped: (replica: string, onto: readonly string[] | null) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {}

  get isOn(): boolean {
    return this.dragged !== null;
  }

  place(replica: string): Point | null {
    return this.dragged?.replica === replica ? this.dragged.place : null;
  }

  /** null: an island of its own. */
  isOver(replicas: readonly string[] | null): boolean {
    if (!this.dragged) return false;
    const { over } = this.dragged;
    return replicas === null || over === null ? replicas === over : replicas.join(' ') === over.join(' ');
  }

  /** Whether the click that comes now ends a drag. */
  wasDragged(): boolean {
    const was = this.justDropped;
    this.justDropped = false;
    return was;
  }

  press(event: PointerEvent, replica: string, box: HTMLElement, layout: () => MapLayout | null): void {
    if (event.button !== 0) return;
    const disc = event.currentTarget as HTMLElement;
    const from = { x: event.clientX, y: event.clientY };
    this.justDropped = false;
    disc.setPointerCapture(event.pointerId);
    const listeners = new AbortController();
    const { signal } = listeners;
    disc.addEventListener('pointermove', ({ clientX, clientY }) => {
      if (!this.dragged && Math.hypot(clientX - from.x, clientY - from.y) < clickPx) return;
      const { left, top, width } = box.getBoundingClientRect();
      const place = { x: clientX - left, y: clientY - top + box.scrollTop };
      this.show({ replica, place, over: hullAt(place, layout(), width, replica) });
    }, { signal });
    const end = (isDrop: boolean): void => {
      listeners.abort();
      const { dragged } = this;
      this.justDropped = dragged !== null;
      this.show(null);
      if (isDrop && dragged) this.dropped(replica, dragged.over);
    };
    disc.addEventListener('pointerup', () => end(true), { signal });
    disc.addEventListener('pointercancel', () => end(false), { signal });
    addEventListener('keydown', (pressed) => pressed.key === 'Escape' && end(false), { signal, capture: true });
  }

  private show(dragged: Dragged | null): void {
    this.dragged = dragged;
    this.host.requestUpdate();
  }
}

function hullAt({ x, y }: Point, layout: MapLayout | null, width: number, replica: string): readonly string[] | null {
  if (!layout || layout.hulls.length === 0) return x > width - zonePx ? null : [replica];
  return layout.hulls.find((hull) => x >= hull.x && x <= hull.x + hull.width && y >= hull.y && y <= hull.y + hull.height)?.replicas ?? null;
}
