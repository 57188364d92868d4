import { css } from 'lit';

export const roomStyles = css`
  :host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); min-block-size: 100dvh; background: var(--page); }
  .starting { padding: var(--s4); }
  .bars { display: grid; grid-template-columns: minmax(0, 1fr); }
  .trouble { padding: var(--s1) var(--s3); background: var(--lost-fill); color: var(--on-fill); font-weight: 600; }
  .past { display: flex; flex-wrap: wrap; gap: 2px var(--s3); align-items: center; min-block-size: 44px; padding: 6px var(--s3); }
  .past p { flex: 1 1 16ch; min-inline-size: 0; font-size: var(--t4); line-height: 1.25; }
  main {
    display: grid; gap: var(--s2); min-block-size: 0; padding: 0 var(--s2) var(--s2);
    grid-template: 'map cost cons' minmax(300px, 1fr) 'st st agree' minmax(280px, 1fr) / minmax(300px, 0.9fr) minmax(440px, 1.3fr) minmax(300px, 0.85fr);
  }
  main > * { min-inline-size: 0; min-block-size: 0; }
  main.stale { filter: grayscale(1); }
  lab-map { grid-area: map; }
  cost-bars { grid-area: cost; }
  consistency-lines { grid-area: cons; }
  .agree { grid-area: agree; display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); gap: var(--s2); }
  .agree > * { min-inline-size: 0; min-block-size: 0; }
  live-space-time { grid-area: st; }
  main.empty { grid-template: 'map empty' minmax(0, 1fr) / minmax(320px, 0.75fr) minmax(0, 1.25fr); }
  empty-lab { grid-area: empty; }

  @media (min-width: 68.75em) {
    :host { block-size: 100dvh; overflow: hidden; }
    main.numbers .agree { display: none; }
    main.numbers { grid-template: 'map cost cost' minmax(300px, 1fr) 'st st cons' minmax(280px, 1fr) / minmax(340px, 0.9fr) minmax(400px, 1.2fr) minmax(300px, 0.95fr); }
    main.present { grid-template: 'map cost' minmax(0, 1fr) 'st st' minmax(0, 0.8fr) / minmax(0, 0.9fr) minmax(0, 1.3fr); }
  }
  @media (max-width: 68.7488em) {
    /* Map and cost are all in sight below the bars; a scenario's sentence takes about two lines more. */
    main { --bars: 92px; --first: min(100dvh - var(--bars), 26.25rem); grid-template: 'map cost' minmax(var(--first), auto) 'st st' 340px 'cons agree' auto / minmax(17rem, 0.8fr) minmax(0, 1.2fr); }
    main.told { --bars: 132px; }
    main.present { grid-template: 'map cost' minmax(var(--first), auto) 'st st' 340px / minmax(17rem, 0.8fr) minmax(0, 1.2fr); }
    main.numbers { grid-template: 'map' minmax(236px, auto) 'cost' auto 'st' 340px 'cons' auto 'agree' auto / minmax(0, 1fr); }
    main.empty { grid-template: 'map empty' minmax(var(--first), auto) / minmax(17rem, 0.8fr) minmax(0, 1.2fr); }
    consistency-lines { min-block-size: 260px; }
    replication-charts { min-block-size: 220px; }
  }
  @media (max-width: 37.4988em) {
    main { grid-template: 'map' minmax(236px, auto) 'cost' auto 'st' 340px 'cons' auto 'agree' auto / minmax(0, 1fr); }
    main.present { grid-template: 'map' minmax(236px, auto) 'cost' auto 'st' 340px / minmax(0, 1fr); }
    main.empty { grid-template: 'map' minmax(236px, auto) 'empty' auto / minmax(0, 1fr); }
  }
`;
