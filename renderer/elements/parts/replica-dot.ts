/** A replica's letter on its colour; from the seventh replica on in a ring. Styled by `.who` of the panels. */
import { html, type TemplateResult } from 'lit';
import { replicaColour } from '../../styles/replica-colour.ts';

/** Sets the colour of the replica for what stands inside. */
export function colourStyle(name: string): string {
  const { fill, on } = replicaColour(name);
  return `--colour: ${fill}; --on-colour: ${on}`;
}

export function replicaDot(name: string): TemplateResult {
  return html`<span class="who ${replicaColour(name).isRing ? 'ring' : ''}" style=${colourStyle(name)}>${name}</span>`;
}
