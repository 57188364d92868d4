/**
 * The space-time diagram of a report: a drawing that stands still. A lane a replica, a shape an action by the type of its field, hatching where a replica was cut off,
 * hollow and struck what was lost under one strategy, a line a message. A pure function of the history.
 */
import { type ColourSlot, colourSlots, slotOf } from '../colour-slots.ts';
import type { ReplicaId } from '../../clocks/dot.ts';
import { fieldOf, type FieldSpec, type Schema } from '../../document/schema.ts';
import type { StrategyId } from '../../history/record.ts';
import { strategyNames } from '../../strategies/registry.ts';
import { trueMsOf } from '../acknowledgements.ts';
import { type CutSpan, cutSpans } from '../answered-while-cut.ts';
import type { LedgerAction } from '../fates/fate.ts';
import { historyNames } from '../history-names.ts';
import { counted, listOf, phraseOf, timeWords } from '../phrases.ts';
import { runWhole } from '../slices.ts';
import { type Markup, markup } from './markup.ts';
import { messagesOf, type ReportMessage } from './messages.ts';
import type { Report } from './report.ts';
import { TimeScale } from './time-scale.ts';

const [width, left, right, top] = [960, 34, 944, 34];
/** Beyond so many, drawings have no titles, and messages are left out: nobody could tell them apart. */
const [titlesMax, messagesMax] = [300, 400];

/** An action as it is drawn. */
interface Drawn {
  readonly action: LedgerAction;
  readonly replica: ReplicaId;
  readonly spec: FieldSpec;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly isLost: boolean;
}

type SpaceTimeInput = Pick<Report, 'schema' | 'records' | 'events' | 'ledger' | 'scorecard'>;

export function spaceTimeFigure(report: SpaceTimeInput): Markup {
  const { schema, ledger, events } = report;
  const lostUnder = mostLosing(report);
  const drawn = ledger.actions.map((action) => drawnOf(action, schema, lostUnder));
  const cuts = cutSpans(events);
  const replicas = [...new Set([...drawn.map(({ replica }) => replica), ...events.flatMap(({ kind, replica }) => (kind === 'arrived' && replica !== null ? [replica] : []))])].sort();
  const messages = messagesOf(ledger.actions, events, cuts);
  const shown = messages.length > messagesMax ? [] : messages;
  const scale = new TimeScale([...drawn.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]), ...cuts.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]), ...shown.map(({ arrivedMs }) => arrivedMs)], left + 12, right);
  const lanes = new Lanes(replicas, scale);
  const words = [`${counted(drawn.length, 'edit')} by ${listOf(replicas) || 'nobody'}.`, ...cuts.map((cut) => cutWords(cut, scale))].join(' ');
  return markup`<figure class="what"><div class="wide" tabindex="0" role="group" aria-label="Space-time diagram">${svgOf(lanes, { drawn, cuts, messages: shown, titles: titlesOf(report, drawn), words })}</div>
<p class="key">${keyOf(drawn)}${lostUnder === null ? null : markup`<span class="lost"><svg viewBox="-8 -7 16 14" aria-hidden="true"><circle class="e gone" r="5"/><path class="strike" d="M-6 6 6-6"/></svg>lost under ${strategyNames[lostUnder]}</span>`}</p>
<figcaption>Time runs to the right, not to scale. ${cuts.length > 0 ? words.slice(words.indexOf('.') + 2) : 'Nobody was cut off.'}${messages.length > messagesMax ? ` ${messages.length} messages are left out.` : ''}</figcaption></figure>`;
}

/** The strategy that lost most; null where none lost anything. */
function mostLosing({ scorecard }: SpaceTimeInput): StrategyId | null {
  const [worst] = [...scorecard].sort((a, b) => b.lost - a.lost);
  return worst && worst.lost > 0 ? worst.strategy : null;
}

function drawnOf(action: LedgerAction, schema: Schema, lostUnder: StrategyId | null): Drawn {
  const times = action.rows.map(({ record }) => trueMsOf(record));
  const { record } = action.rows[0]!;
  const [fromMs, untilMs] = times.reduce(([first, last], ms) => [Math.min(first, ms), Math.max(last, ms)], [Infinity, -Infinity]);
  const isLost = lostUnder !== null && action.fates[lostUnder]?.disposition === 'lost';
  return { action, replica: record.dot.replica, spec: fieldOf(schema, record.field), fromMs, untilMs, isLost };
}

function cutWords({ replica, fromMs, untilMs }: CutSpan, { fromMs: startMs }: TimeScale): string {
  const after = fromMs - startMs < 500 ? 'from the first moment on' : `${timeWords(fromMs - startMs)} after the first moment`;
  return untilMs === Infinity ? `${replica} was cut off ${after}, to the end.` : `${replica} was cut off for ${timeWords(untilMs - fromMs)}, ${after}.`;
}

/** Where replicas and moments stand. */
class Lanes {
  private readonly gap: number;
  private readonly slots: ReadonlyMap<string, ColourSlot>;

  constructor(readonly replicas: readonly ReplicaId[], readonly scale: TimeScale) {
    this.gap = replicas.length > 5 ? 34 : 56;
    this.slots = colourSlots(replicas);
  }

  slotOf(replica: ReplicaId): ColourSlot {
    return slotOf(replica, this.slots);
  }

  get height(): number {
    return this.yOf(this.replicas.at(-1) ?? '') + 26;
  }

  yOf(replica: ReplicaId): number {
    return top + 10 + Math.max(0, this.replicas.indexOf(replica)) * this.gap;
  }

  xOf(ms: number): string {
    return round(this.scale.xOf(ms));
  }
}

interface Drawing {
  readonly drawn: readonly Drawn[];
  readonly cuts: readonly CutSpan[];
  readonly messages: readonly ReportMessage[];
  readonly titles: ReadonlyMap<LedgerAction, string>;
  readonly words: string;
}

function svgOf(lanes: Lanes, { drawn, cuts, messages, titles, words }: Drawing): Markup {
  const { replicas, height } = lanes;
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Space-time diagram. ${words}">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>
${cuts.map((cut, at) => bandOf(cut, lanes, at))}
${replicas.map((replica) => laneOf(replica, lanes))}
<path class="message" d="${messages.filter(({ crossedMs }) => crossedMs === null).map((message) => pathOf(message, lanes)).join('')}"/>
<path class="seam" d="${messages.filter(({ crossedMs }) => crossedMs !== null).map((message) => pathOf(message, lanes)).join('')}"/>
${drawn.map((each) => shapeOf(each, lanes, titles.get(each.action)))}
</svg>`;
}

function bandOf({ replica, fromMs, untilMs }: CutSpan, lanes: Lanes, at: number): Markup {
  const [from, until] = [lanes.xOf(fromMs), untilMs === Infinity ? `${right}` : lanes.xOf(untilMs)];
  const y = lanes.yOf(replica);
  // The first of several is named; more names would stand on each other.
  const label = at === 0 ? markup`<text x="${from}" y="14">${replica} cut off${untilMs === Infinity ? '' : ` for ${timeWords(untilMs - fromMs)}`}</text>` : null;
  return markup`<rect x="${from}" y="${y - 15}" width="${round(Math.max(1, Number(until) - Number(from)))}" height="30" fill="url(#hatch)"/><path class="edge" d="M${from} ${y - 15}H${until}M${from} ${y + 15}H${until}"/>${untilMs === Infinity ? null : markup`<path class="seam" d="M${until} 20V${lanes.height - 6}"/>`}${label}`;
}

function laneOf(replica: ReplicaId, lanes: Lanes): Markup {
  const y = lanes.yOf(replica);
  const { slot, isRing } = lanes.slotOf(replica);
  return markup`<path class="lane" d="M${left} ${y}H${right}"/><g class="r${slot}"><circle class="${isRing ? 'ring' : 'disc'}" cx="14" cy="${y}" r="9"/><text class="letter" x="14" y="${y + 4}">${replica}</text></g>`;
}

function pathOf({ from, to, madeMs, crossedMs, arrivedMs }: ReportMessage, lanes: Lanes): string {
  return `M${lanes.xOf(crossedMs ?? madeMs)} ${lanes.yOf(from)}L${lanes.xOf(arrivedMs)} ${lanes.yOf(to)}`;
}

function titlesOf({ schema, ledger }: SpaceTimeInput, drawn: readonly Drawn[]): Map<LedgerAction, string> {
  if (drawn.length > titlesMax) return new Map();
  const { label } = runWhole(historyNames(schema, ledger.rows));
  return new Map(drawn.map(({ action, replica, spec }) => [action, `${replica} · ${spec.label}: ${phraseOf(action.rows.map(({ record }) => record), label)}`]));
}

const shapes: Readonly<Record<Exclude<FieldSpec['type'], 'text'>, Markup>> = {
  register: markup`M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0`,
  counter: markup`M-4.500-4.500h9v9h-9z`,
  set: markup`M0-6 6 0 0 6-6 0z`,
  list: markup`M0-6 5.800 4.400h-11.600z`,
  stock: markup`M-3-5.200h6L6 0 3 5.200h-6L-6 0z`,
};

function shapeOf({ replica, spec, fromMs, untilMs, isLost }: Drawn, lanes: Lanes, title: string | undefined): Markup {
  const [x, y] = [lanes.xOf(fromMs), lanes.yOf(replica)];
  const kind = `e r${lanes.slotOf(replica).slot}${isLost ? ' gone' : ''}`;
  const name = title === undefined ? null : markup`<title>${title}</title>`;
  const length = spec.type === 'text' ? Math.max(12, Number(lanes.xOf(untilMs)) - Number(x)) : 0;
  const strike = isLost ? markup`<path class="strike" transform="translate(${x} ${y})" d="M${length > 0 ? 0 : -6} 6 ${length > 0 ? round(length) : 6}-6"/>` : null;
  if (spec.type === 'text') return markup`<rect class="${kind}" x="${x}" y="${y - 5}" width="${round(length)}" height="10" rx="5">${name}</rect>${strike}`;
  return markup`<path class="${kind}" transform="translate(${x} ${y})" d="${shapes[spec.type]}">${name}</path>${strike}`;
}

const typeNames: Readonly<Record<FieldSpec['type'], string>> = { register: 'register', text: 'typing', counter: 'counter', set: 'set', list: 'list', stock: 'stock' };

function keyOf(drawn: readonly Drawn[]): Markup[] {
  const types = new Set(drawn.map(({ spec }) => spec.type));
  return (Object.keys(typeNames) as FieldSpec['type'][]).filter((type) => types.has(type)).map((type) => markup`<span><svg viewBox="-8 -7 16 14" aria-hidden="true">${type === 'text' ? markup`<rect class="e" x="-7" y="-4" width="14" height="8" rx="4"/>` : markup`<path class="e" d="${shapes[type]}"/>`}</svg>${typeNames[type]}</span>`);
}

function round(value: number): string {
  return `${Math.round(value * 10) / 10}`;
}
