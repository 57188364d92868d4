import type { StrategyDescriptor } from '../strategy-descriptor.ts';

export const crdtDescriptor = { id: 'crdt', name: 'CRDT (Yjs)', settings: null, coordination: null } as const satisfies StrategyDescriptor;
