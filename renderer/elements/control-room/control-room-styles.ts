import { css } from 'lit';

export const roomStyles = css`
  :host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); min-block-size: 100dvh; background: var(--page); }
  .starting { padding: var(--s4); }
  .bars { display: grid; grid-template-columns: minmax(0, 1fr); }
  .trouble { padding: var(--s1) var(--s3); background: var(--lost-fill); color: var(--on-fill); font-weight: 600; }
  main {
    display: grid; gap: var(--s2); min-block-size: 0; padding: 0 var(--s2) var(--s2);
    grid-template: 'map cost cons' minmax(260px, 1fr) 'map cost agree' minmax(96px, 0.5fr) / minmax(340px, 0.9fr) minmax(400px, 1.3fr) minmax(300px, 0.85fr);
  }
  main > * { min-inline-size: 0; min-block-size: 0; }
  main.stale { filter: grayscale(1); }
  lab-map { grid-area: map; }
  cost-bars { grid-area: cost; }
  consistency-lines { grid-area: cons; }
  agreement-panel { grid-area: agree; }
  main.empty { grid-template: 'map empty' minmax(0, 1fr) / minmax(320px, 0.75fr) minmax(0, 1.25fr); }
  empty-lab { grid-area: empty; }

  @media (min-width: 1100px) {
    :host { block-size: 100dvh; overflow: hidden; }
    main.numbers { grid-template: 'map cost cost' minmax(282px, 1fr) 'map cons agree' minmax(260px, 0.9fr) / minmax(340px, 0.9fr) minmax(400px, 1.2fr) minmax(300px, 0.95fr); }
    main.present { grid-template: 'map cost' minmax(0, 1fr) / minmax(0, 0.9fr) minmax(0, 1.3fr); }
  }
  @media (max-width: 1099.98px) {
    main { grid-template: 'map cost' minmax(calc(100dvh - 92px), auto) 'cons agree' auto / minmax(0, 0.8fr) minmax(0, 1.2fr); }
    main.present { grid-template: 'map cost' minmax(calc(100dvh - 92px), auto) / minmax(0, 0.8fr) minmax(0, 1.2fr); }
    main.numbers { grid-template: 'map' minmax(236px, auto) 'cost' auto 'cons' auto 'agree' auto / minmax(0, 1fr); }
    main.empty { grid-template: 'empty' auto 'map' minmax(260px, auto) / minmax(0, 1fr); }
    consistency-lines { min-block-size: 260px; }
  }
  @media (max-width: 599.98px) {
    main { grid-template: 'map' minmax(236px, auto) 'cost' auto 'cons' auto 'agree' auto / minmax(0, 1fr); }
    main.present { grid-template: 'map' minmax(236px, auto) 'cost' auto / minmax(0, 1fr); }
  }
`;
