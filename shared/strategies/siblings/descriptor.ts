import type { StrategyDescriptor } from '../strategy-descriptor.ts';
import { defaultSiblingsSettings, type SiblingsSettings } from './settings.ts';

export const siblingsDescriptor = {
  id: 'siblings',
  name: 'Siblings',
  settings: {
    key: 'siblings',
    defaults: defaultSiblingsSettings,
    form: [
      {
        legend: 'Who decides between siblings',
        inputs: [
          { kind: 'switch', name: 'sets', off: 'ask', on: 'union', label: 'Tags: the union', help: 'nobody is asked; removed tags may come back' },
          { kind: 'switch', name: 'numbers', off: 'ask', on: 'maximum', label: 'Numbers: the greatest', help: "nobody is asked; the smaller side's steps are lost" },
          { kind: 'switch', name: 'numbers', off: 'ask', on: 'sum', label: 'Numbers: added up', help: 'nobody is asked; every step counts once, and a stock can be oversold' },
        ],
      },
    ],
    words: ({ sets, numbers }) => `sets ${sets}, numbers ${numbers}`,
    note({ sets, numbers }) {
      const ofNumbers = { ask: [], maximum: ['the greater number'], sum: ['numbers add up'] }[numbers];
      return [...(sets === 'union' ? ['sets unite'] : []), ...ofNumbers].join(', ');
    },
  },
  coordination: null,
} as const satisfies StrategyDescriptor<SiblingsSettings>;
