/**
 * The tokens that the canvas paints with, as colours and lengths. Read anew when the theme or the size of
 * letters changes.
 */
import { slots } from '../../../shared/analysis/colour-slots.ts';
import { knownReplicas, type ReplicaColour, replicaColour } from '../../styles/replica-colour.ts';

export interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly onInk: string;
  readonly line: string;
  readonly edge: string;
  readonly hatch: string;
  readonly lost: string;
  readonly font: string;
  /** How many pixels one is, of those that the design counts: more in Present mode. */
  readonly unit: number;
  /** Of a replica, by its name. */
  readonly colourOf: (replica: string) => ReplicaColour;
}

/** What the parts of a scene are painted with. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly palette: Palette;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const tokens = new Map(
    [...slots]
      .flatMap((slot) => [`--rep-${slot}`, `--rep-${slot}-ink`, `--on-${slot}`])
      .map((name) => [`var(${name})`, token(name)]),
  );
  const byReplica = new Map<string, ReplicaColour>();
  let known = knownReplicas();
  const colour = (variable: string): string => tokens.get(variable) ?? token('--ink');
  return {
    surface: token('--surface'),
    ink: token('--ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    onInk: token('--on-ink'),
    line: token('--line'),
    edge: token('--edge'),
    hatch: token('--hatch-ink'),
    lost: token('--lost'),
    font: token('--font'),
    unit: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
    colourOf: (replica) => {
      if (known !== knownReplicas()) byReplica.clear();
      known = knownReplicas();
      const made = byReplica.get(replica);
      if (made) return made;
      const { fill, ink, on, isRing } = replicaColour(replica);
      const found = { fill: colour(fill), ink: colour(ink), on: colour(on), isRing };
      byReplica.set(replica, found);
      return found;
    },
  };
}
