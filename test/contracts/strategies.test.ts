import * as Y from 'yjs';
import { labSchema } from '../../shared/document/schema.ts';
import { LastWriterWins } from '../../shared/strategies/last-writer-wins/last-writer-wins.ts';
import { Siblings } from '../../shared/strategies/siblings/siblings.ts';
import { YjsStrategy } from '../../shared/strategies/yjs/yjs-strategy.ts';
import { strategyContract } from './strategy-contract.ts';

strategyContract('CRDT (Yjs)', (_replica, life) => {
  const doc = new Y.Doc();
  doc.clientID = 100 + life;
  return new YjsStrategy(labSchema, doc);
});

for (const granularity of ['field', 'document'] as const) {
  for (const clock of ['wall', 'hybrid'] as const) {
    strategyContract(`Last writer wins by ${granularity}, ${clock} clock`, () => new LastWriterWins(labSchema, { granularity, clock }));
  }
}

for (const settings of [{ sets: 'ask', numbers: 'ask' }, { sets: 'union', numbers: 'maximum' }] as const) {
  strategyContract(`Siblings, sets by ${settings.sets}, numbers by ${settings.numbers}`, () => new Siblings(labSchema, settings));
}
