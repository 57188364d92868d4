/** Steps as people read them: "A: reserve 1 of Seats left", "C goes offline". */
import { fieldOf, type Schema } from '../document/schema.ts';
import { isFaultless, type LinkFaults } from '../network/link.ts';
import { durationText } from './duration.ts';
import type { Action, ItemName, Step } from './scenario.ts';

export function describeStep(step: Step, schema: Schema): string {
  switch (step.kind) {
    case 'edit': return `${step.at}: ${fieldOf(schema, step.field).label}: ${describeAction(step.action)}${step.times > 1 ? `, ${step.times} times` : ''}`;
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
    case 'together': return `At once: ${step.steps.map((each) => describeStep(each, schema)).filter((words) => words !== '').join('; ')}`;
    case 'say': return '';
  }
}

function describeAction(action: Action): string {
  switch (action.kind) {
    case 'set': return `“${String(action.value)}”`;
    case 'type': return `types “${action.text}”`;
    case 'erase': return typeof action.what === 'string' ? `erases “${action.what}”` : `erases ${action.what.count} characters`;
    case 'increment': return action.by < 0 ? `−${-action.by}` : `+${action.by}`;
    case 'add': return `adds “${action.element}”`;
    case 'remove': return `removes “${action.element}”`;
    case 'insert': return `new item “${action.label}”`;
    case 'relabel': return `renames ${itemWords(action.item)} to “${action.label}”`;
    case 'tick': return `${action.done ? 'ticks' : 'unticks'} ${itemWords(action.item)}`;
    case 'move': return `moves ${itemWords(action.item)}${action.after === null ? ' to the beginning' : action.after === undefined ? ' to the end' : ` after ${itemWords(action.after)}`}`;
    case 'remove-item': return `removes ${itemWords(action.item)}`;
    case 'reserve':
    case 'release': return `${action.kind} ${action.amount}`;
    case 'keep': return `keeps “${String(action.value)}”`;
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
