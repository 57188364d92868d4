/** A random intent for a field, one that a person could have had in front of this value. */
import type { Intent } from '../../shared/document/intent.ts';
import type { FieldSpec, FieldValue, ListItem } from '../../shared/document/schema.ts';
import { spliceOf } from '../../shared/document/splice.ts';
import type { SeededRandom } from '../../shared/network/seeded-random.ts';

export function randomIntent(random: SeededRandom, field: FieldSpec, value: FieldValue): Intent {
  switch (field.type) {
    case 'register': return { kind: 'set', value: `title ${random.below(1000)}` };
    case 'text': return randomSplice(random, value as string);
    case 'counter': return { kind: 'increment', by: random.pick([1, 1, 1, 2, -1]) };
    case 'set': return randomSetIntent(random, value as readonly string[]);
    case 'list': return randomListIntent(random, value as readonly ListItem[]);
    case 'stock': return random.chance(0.7) ? { kind: 'reserve', amount: 1 + random.below(2) } : { kind: 'release', amount: 1 };
  }
}

function randomSplice(random: SeededRandom, text: string): Intent {
  const index = random.below(text.length + 1);
  const removed = random.chance(0.3) ? text.slice(index, index + 1 + random.below(3)).length : 0;
  const inserted = removed && random.chance(0.5) ? '' : 'abcdefghij'.slice(0, 1 + random.below(4));
  return spliceOf(text, index, removed, inserted);
}

function randomSetIntent(random: SeededRandom, elements: readonly string[]): Intent {
  if (elements.length > 0 && random.chance(0.45)) return { kind: 'remove', element: random.pick(elements) };
  return { kind: 'add', element: `tag${random.below(6)}` };
}

function randomListIntent(random: SeededRandom, items: readonly ListItem[]): Intent {
  const somewhere = (): string | null => (items.length === 0 || random.chance(0.3) ? null : random.pick(items).id);
  if (items.length === 0 || random.chance(0.35)) return { kind: 'insert', after: somewhere(), label: `task ${random.below(1000)}` };
  const item = random.pick(items).id;
  switch (random.below(4)) {
    case 0: return { kind: 'relabel', item, label: `renamed ${random.below(1000)}` };
    case 1: return { kind: 'toggle', item, done: random.chance(0.5) };
    case 2: return { kind: 'move', item, after: items.find((each) => each.id !== item && random.chance(0.5))?.id ?? null };
    default: return { kind: 'remove-item', item };
  }
}
