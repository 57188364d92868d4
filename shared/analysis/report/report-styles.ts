/** How a report looks: light or dark on screens, light on paper. Colours are those of the windows' tokens (a test holds them against tokens.css). */

export const lightTokens: Readonly<Record<string, string>> = {
  '--page': '#f4f5f7', '--surface': '#ffffff', '--ink': '#14171b', '--ink-2': '#464e57', '--ink-3': '#616a74', '--hair': '#e0e3e7', '--line': '#c2c8cf', '--edge': '#7c858f',
  '--lost': '#ab1440', '--lost-fill': '#bd1c4b', '--turn': '#4f37a6', '--turn-fill': '#6a50c7', '--on-fill': '#ffffff', '--kept-fill': '#59636e', '--superseded-fill': '#b4bbc3',
  '--hatch-ink': 'rgba(20, 23, 27, 0.2)',
  '--rep-a': '#0072b2', '--rep-b': '#d55e00', '--rep-c': '#009e73', '--rep-d': '#e69f00', '--rep-e': '#56b4e9', '--rep-f': '#cc79a7',
  '--on-a': '#ffffff', '--on-b': '#14171b', '--on-c': '#14171b', '--on-d': '#14171b', '--on-e': '#14171b', '--on-f': '#14171b',
};

/** Of the dark theme what differs. */
export const darkTokens: Readonly<Record<string, string>> = {
  '--page': '#0d1013', '--surface': '#14181c', '--ink': '#eceff2', '--ink-2': '#b9c1ca', '--ink-3': '#98a2ac', '--hair': '#252b31', '--line': '#3a424a', '--edge': '#747e89',
  '--lost': '#ff97ae', '--lost-fill': '#d9496e', '--turn': '#c2b4ff', '--turn-fill': '#8b75e8', '--on-fill': '#0d1013', '--kept-fill': '#8c96a1', '--superseded-fill': '#4b545d',
  '--hatch-ink': 'rgba(236, 239, 242, 0.2)',
  '--rep-a': '#2f8fd0', '--rep-b': '#e2731f', '--rep-c': '#14ab80', '--on-a': '#0d1013',
};

function declarations(tokens: Readonly<Record<string, string>>): string {
  return Object.entries(tokens).map(([name, value]) => `${name}: ${value};`).join(' ');
}

export const reportStyles = `
:root { color-scheme: light; ${declarations(lightTokens)} --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark; ${declarations(darkTokens)} } }
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--ink-2); font: 400 13px/1.4 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Noto Sans', -apple-system, system-ui, sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
ul { list-style: none; }
main { max-inline-size: 960px; margin: 0 auto; padding: 32px 24px 48px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
header { display: grid; gap: 12px; }
h1 { font-size: 28px; line-height: 1.15; letter-spacing: -0.02em; color: var(--ink); text-wrap: balance; }
h2 { font-size: 15px; font-weight: 600; color: var(--ink); margin-block-end: 8px; }
h3 { font-size: 13px; font-weight: 600; color: var(--ink); margin-block: 10px 2px; break-after: avoid; }
.lead { font-size: 20px; line-height: 1.35; color: var(--ink); text-wrap: pretty; max-inline-size: 46em; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 16px; color: var(--ink-3); }
.result { font-weight: 600; color: var(--ink); } .result.broken { color: var(--lost); }
section { border-block-start: 1px solid var(--line); padding-block-start: 12px; min-inline-size: 0; }
svg.i { inline-size: 12px; block-size: 12px; flex: none; vertical-align: -1px; stroke: currentColor; fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; inline-size: 100%; overflow-wrap: normal; }
th, td { padding: 5px 0; border-block-start: 1px solid var(--hair); text-align: start; font-weight: 400; }
thead th { padding-block: 0 3px; border: 0; font-size: 12px; color: var(--ink-3); }
th[scope='row'] { padding-inline-end: 14px; font-weight: 600; color: var(--ink); white-space: nowrap; }
td.share { inline-size: 40%; min-inline-size: 130px; }
.n { padding-inline-start: 14px; text-align: end; white-space: nowrap; color: var(--ink); } thead .n { color: var(--ink-3); white-space: normal; } .n.zero { color: var(--ink-3); } .n.bad { color: var(--lost); font-weight: 600; }
.bar { display: flex; gap: 1px; block-size: 14px; }
.bar > * { min-inline-size: 3px; overflow: hidden; border-radius: 1px; font-weight: 600; font-size: 11px; line-height: 14px; text-align: center; color: var(--on-fill); }
.bar .kept { background: var(--kept-fill); } .bar .superseded { background: var(--superseded-fill); color: var(--ink); } .bar .lost, .bar .resurrected { background: var(--lost-fill); } .bar .turn { background: var(--turn-fill); }
.bar .refused { box-shadow: inset 0 0 0 1.5px var(--edge); color: var(--ink-2); } .bar .unknown { border: 1.5px dashed var(--edge); color: var(--ink-2); line-height: 11px; }
.bar .pending { background: radial-gradient(circle, var(--edge) 1px, transparent 1.3px) 0 0 / 4px 4px; color: transparent; }
.wide:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.wide > svg { display: block; inline-size: 100%; min-inline-size: 640px; block-size: auto; max-block-size: 480px; }
figcaption, .more { margin-block-start: 8px; max-inline-size: 75ch; } .more { color: var(--ink-3); }
.lane, .seam, .message { fill: none; stroke: var(--line); } .message { stroke: var(--edge); stroke-width: 0.8; opacity: 0.7; } .seam { stroke: var(--ink); }
.hatch { stroke: var(--hatch-ink); stroke-width: 2; } .edge { fill: none; stroke: var(--line); }
.what text { font: 12px sans-serif; fill: var(--ink-2); } .what .letter { font-weight: 700; font-size: 11px; text-anchor: middle; }
.e { fill: var(--c); stroke: var(--surface); } .e.gone { fill: var(--surface); stroke: var(--c); stroke-width: 2; } .strike { stroke: var(--lost-fill); stroke-width: 1.75; }
${[...'abcdef'].map((letter) => `.r${letter} { --c: var(--rep-${letter}); --on: var(--on-${letter}); }`).join(' ')}
.what .letter { fill: var(--on); } .disc { fill: var(--c); } .ring { fill: var(--surface); stroke: var(--c); stroke-width: 2.5; } .what .ring + .letter { fill: var(--ink); }
.key { display: flex; flex-wrap: wrap; gap: 2px 14px; margin-block-start: 8px; font-size: 12px; color: var(--ink-3); } .key span { display: inline-flex; gap: 5px; align-items: center; }
.key svg { inline-size: 16px; block-size: 14px; } .key .e { fill: var(--ink-3); stroke: none; } .key .e.gone { fill: none; stroke: var(--ink-3); } .key .lost { color: var(--lost); }
.losses li { display: grid; grid-template-columns: 14px 7em minmax(0, 1fr) auto; gap: 8px; padding: 5px 0; border-block-start: 1px solid var(--hair); break-inside: avoid; }
.losses li:first-child { border: 0; } .losses li > svg { margin-block-start: 3px; color: var(--ink-3); } .losses .bad > svg { color: var(--lost); } .losses .turn > svg { color: var(--turn); }
.losses b { font-weight: 600; color: var(--ink); } .dots { font: 12px var(--mono); color: var(--ink-3); white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(8em, auto) minmax(0, 1fr); gap: 6px 16px; } dt { max-inline-size: 22em; font-weight: 600; color: var(--ink); } dd b { color: var(--ink); }
pre { margin: 0; padding: 10px 12px; border: 1px solid var(--hair); border-radius: 6px; background: var(--page); color: var(--ink); font: 12px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
footer { font-size: 12px; color: var(--ink-3); }
@media (max-width: 640px) {
  main { padding: 16px 12px; } .lead { font-size: 15px; } dl { grid-template-columns: minmax(0, 1fr); }
  .losses li { grid-template-columns: 14px minmax(0, 1fr); } .losses li > * { grid-column: 2; } .losses li > svg { grid-column: 1; grid-row: 1; } .dots { white-space: normal; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { background: #fff; font-size: 8.5pt; line-height: 1.3; } main { padding: 0; max-inline-size: none; gap: 10px; } .lead { font-size: 11pt; } h1 { font-size: 16pt; } h2 { margin-block-end: 4px; }
  section { padding-block-start: 8px; } th, td { padding: 3px 0; } h3 { margin-block: 6px 0; }
  .what, .cost, tr, pre { break-inside: avoid; } .wide > svg { min-inline-size: 0; max-block-size: 180px; } .losses li { padding: 2px 0; } .more { margin-block-start: 2px; }
}
`;
