/** Histories in one line per operation. Ids count from o1; a session is on the replica of its own name unless told otherwise. */
import type { ObservedHistory } from '../../../../shared/analysis/verdicts/observed-history.ts';
import type { Operation, UpdateStep, Value } from '../../../../shared/analysis/verdicts/operation.ts';
import { counterOf, type Specification } from '../../../../shared/analysis/verdicts/specification.ts';

type Draft = Omit<Operation, 'id'> & { readonly id?: string };

interface Extra {
  readonly id?: string;
  readonly replica?: string;
  readonly readFrom?: string | null;
  readonly accepted?: boolean;
  readonly returned?: Value;
}

export function write(session: string, field: string, value: Value, invokedAt: number, returnedAt: number | null, extra: Extra = {}): Draft {
  return { kind: 'write', session, replica: session, field, value, invokedAt, returnedAt, ...extra } as Draft;
}

export function read(session: string, field: string, value: Value, invokedAt: number, returnedAt: number | null, extra: Extra = {}): Draft {
  return { kind: 'read', session, replica: session, field, value, invokedAt, returnedAt, ...extra } as Draft;
}

export function update(session: string, field: string, step: UpdateStep, invokedAt: number, returnedAt: number | null, extra: Extra = {}): Draft {
  return { kind: 'update', session, replica: session, field, step, invokedAt, returnedAt, ...extra } as Draft;
}

export function story(drafts: readonly Draft[], rest: Omit<ObservedHistory, 'operations'> = {}): ObservedHistory {
  return { ...rest, operations: drafts.map((draft, index) => ({ id: `o${index + 1}`, ...draft }) as Operation) };
}

/** Cases that chance seldom makes. */
export const rareStories: Readonly<Record<string, ObservedHistory>> = {
  'a setting and an increment at once, told apart only by what a later increment returned': story([
    update('A', 'x', { kind: 'set', value: 10 }, 1, 4), update('B', 'x', { kind: 'add', by: 1 }, 1, 5), update('C', 'x', { kind: 'add', by: 1 }, 6, 7, { returned: 11 }),
  ], { specifications: new Map([['x', counterOf() as Specification]]) }),
  'an open write of a value that is written again, read by a read that does not name it': story([
    write('A', 'x', 'v', 1, null), read('C', 'x', 'v', 3, 4), write('B', 'x', 'v', 10, 11), read('D', 'x', 'v', 12, 13, { readFrom: 'o3' }),
  ]),
  'two sessions at one time, each of which misses the other': story([
    write('A', 'x', 1, 5, 5), read('A', 'y', null, 5, 5), write('B', 'y', 1, 5, 5), read('B', 'x', null, 5, 5),
  ]),
};
