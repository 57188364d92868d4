/** A replica's letter on its colour; from the seventh replica on in a ring. Styled by who-styles.ts. */
import { html, type TemplateResult } from 'lit';
import { replicaColour } from '../../styles/replica-colour.ts';

/** Sets the colour of the replica for what stands inside. */
export function colourStyle(name: string): string {
  const { fill, on } = replicaColour(name);
  return `--colour: ${fill}; --on-colour: ${on}`;
}

/** `isReached`: false for a hollow one. */
export function replicaDot(name: string, isReached = true): TemplateResult {
  const shape = isReached ? (replicaColour(name).isRing ? 'ring' : '') : 'hollow';
  return html`<span class="who ${shape}" style=${colourStyle(name)}>${name}</span>`;
}
