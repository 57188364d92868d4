/** Edits that were seen to arrive, as dots in their author's colour that go along the links once. Shows only what two views of the room prove. */
import type { RoomView } from '../../../shared/control/room-view.ts';
import { replicaColour } from '../../styles/replica-colour.ts';
import type { MapLayout } from './map-layout.ts';
import { arrivals } from './map-view.ts';

const flightMs = 700;
/** More at once is a swarm that nobody reads. */
const dotsMax = 16;

/** Where the links are elsewhere now, dots that are under way would go beside them. */
export function stopTraffic(drawing: SVGSVGElement): void {
  for (const dot of drawing.querySelectorAll('.dot')) dot.remove();
}

export function showTraffic(drawing: SVGSVGElement, before: RoomView, now: RoomView, { nodes, relay }: MapLayout): void {
  for (const { author, at, to } of arrivals(before, now).slice(0, dotsMax)) {
    const node = nodes.find(({ replica }) => replica === at);
    if (!node) continue;
    const [from, until] = to === 'relay' ? [node, relay] : [relay, node];
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    dot.setAttribute('class', 'dot');
    dot.setAttribute('r', '4');
    dot.style.fill = replicaColour(author).fill;
    drawing.append(dot);
    const path = [{ transform: `translate(${from.x}px, ${from.y}px)`, opacity: 0.2 }, { opacity: 1, offset: 0.15 }, { opacity: 1, offset: 0.85 }, { transform: `translate(${until.x}px, ${until.y}px)`, opacity: 0.2 }];
    const flight = dot.animate(path, { duration: flightMs, delay: to === 'relay' ? 0 : flightMs, fill: 'backwards', easing: 'ease-in-out' });
    flight.addEventListener('finish', () => dot.remove());
    flight.addEventListener('cancel', () => dot.remove());
  }
}
