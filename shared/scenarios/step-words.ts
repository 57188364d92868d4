/** Steps as people read them: "A: reserve 1 of Seats left", "C goes offline". */
import { fieldOf, type Schema } from '../document/schema.ts';
import { isFaultless, type LinkFaults } from '../network/link.ts';
import { durationText } from './duration.ts';
import type { Deed, ItemName, Step } from './scenario.ts';

export function stepWords(step: Step, schema: Schema): string {
  switch (step.kind) {
    case 'edit': return `${step.at}: ${fieldOf(schema, step.field).label}: ${deedWords(step.deed)}${step.times > 1 ? `, ${step.times} times` : ''}`;
    case 'read': return step.at === step.from ? `${step.at} reads` : `${step.at} reads from ${step.from}`;
    case 'offline': return `${step.replicas.join(', ')}: network off`;
    case 'online': return `${step.replicas.join(', ')}: network on`;
    case 'crash': return `${step.replicas.join(', ')}: crash`;
    case 'restart': return `${step.replicas.join(', ')}: restart`;
    case 'islands': return `Islands: ${step.groups.map((group) => group.join(' ')).join(' | ')}`;
    case 'heal': return 'Everything heals';
    case 'link': return `Link of ${step.replica}: ${[...faultWords('up', step.upstream), ...faultWords('down', step.downstream)].join(', ') || 'good'}`;
    case 'skew': return `Clock of ${step.replica}: ${step.skewMs === 0 ? 'right' : `${durationText(Math.abs(step.skewMs))} ${step.skewMs > 0 ? 'ahead' : 'behind'}`}`;
    case 'promote': return `${step.replica} is promoted`;
    case 'wait': return `${durationText(step.waitMs)} pass`;
    case 'together': return `At once: ${step.steps.map((each) => stepWords(each, schema)).filter((words) => words !== '').join('; ')}`;
    case 'say': return '';
  }
}

function deedWords(deed: Deed): string {
  switch (deed.kind) {
    case 'set': return `“${String(deed.value)}”`;
    case 'type': return `types “${deed.text}”`;
    case 'erase': return typeof deed.what === 'string' ? `erases “${deed.what}”` : `erases ${deed.what.count} characters`;
    case 'increment': return deed.by < 0 ? `−${-deed.by}` : `+${deed.by}`;
    case 'add': return `adds “${deed.element}”`;
    case 'remove': return `removes “${deed.element}”`;
    case 'insert': return `new item “${deed.label}”`;
    case 'relabel': return `renames ${itemWords(deed.item)} to “${deed.label}”`;
    case 'tick': return `${deed.done ? 'ticks' : 'unticks'} ${itemWords(deed.item)}`;
    case 'move': return `moves ${itemWords(deed.item)}${deed.after === null ? ' to the beginning' : deed.after === undefined ? ' to the end' : ` after ${itemWords(deed.after)}`}`;
    case 'remove-item': return `removes ${itemWords(deed.item)}`;
    case 'reserve':
    case 'release': return `${deed.kind} ${deed.amount}`;
    case 'keep': return `keeps “${String(deed.value)}”`;
  }
}

function itemWords(item: ItemName): string {
  return typeof item === 'string' ? `“${item}”` : `“${item.label}” number ${item.nth}`;
}

function faultWords(way: string, faults: LinkFaults): string[] {
  if (isFaultless(faults)) return [];
  if (faults.cut) return [`${way} cut`];
  return Object.entries(faults).filter(([name, value]) => name !== 'cut' && value !== 0 && value !== null).map(([name, value]) => `${way} ${name} ${String(value)}`);
}
