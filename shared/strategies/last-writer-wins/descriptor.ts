import type { StrategyDescriptor } from '../strategy-descriptor.ts';
import { defaultLastWriterWinsSettings, type LastWriterWinsSettings } from './settings.ts';

export const lastWriterWinsDescriptor = {
  id: 'last-writer-wins',
  name: 'Last writer wins',
  settings: {
    key: 'lastWriterWins',
    defaults: defaultLastWriterWinsSettings,
    form: [
      {
        legend: 'What one write replaces',
        inputs: [
          { kind: 'choice', name: 'granularity', value: 'field', label: 'One field', help: 'two edits of different fields both survive' },
          { kind: 'choice', name: 'granularity', value: 'document', label: 'The whole document', help: 'the later edit replaces every field, as in row-level sync' },
        ],
      },
      {
        legend: 'Which clock decides who is last',
        inputs: [
          { kind: 'choice', name: 'clock', value: 'wall', label: 'Wall clock', help: 'with its skew: a fast clock beats later edits' },
          { kind: 'choice', name: 'clock', value: 'hybrid', label: 'Hybrid logical clock', help: 'an edit is always later than what its author had seen' },
        ],
      },
    ],
    words: ({ granularity, clock }) => `by ${granularity}, ${clock} clock`,
    note: ({ granularity, clock }) => `${clock} clocks${granularity === 'document' ? ', the whole document' : ''}`,
  },
  coordination: null,
} as const satisfies StrategyDescriptor<LastWriterWinsSettings>;
