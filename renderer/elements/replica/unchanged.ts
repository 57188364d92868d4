/** Whether nothing is to be seen of a field but its value. */
import type { FieldSpec } from '../../../shared/document/schema.ts';
import type { FieldAuthors } from '../../../shared/analysis/authors.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { shownRejoin } from './column-verdict.ts';

/** Nothing met in it, nobody wrote in it since, and all columns show the same. */
export function isUnchanged(session: ReplicaModel, { id }: FieldSpec): boolean {
  const rejoin = shownRejoin(session);
  if (!rejoin || rejoin.fields.some(({ field }) => field === id)) return false;
  const { strategies } = session;
  const values = strategies.map((strategy) => JSON.stringify(session.draft(strategy, id)));
  if (values.some((value) => value !== values[0]) || session.siblings(id).length > 1) return false;
  return strategies.every((strategy) => isNobodys(session.authors(strategy, id)));
}

function isNobodys(authors: FieldAuthors | undefined): boolean {
  switch (authors?.kind) {
    case 'value': return authors.author === null;
    case 'text': return authors.runs.every(({ author }) => author === null);
    case 'sum': return authors.steps.length === 0;
    case 'parts': return Object.keys(authors.parts).length === 0;
    case undefined: return true;
  }
}
