/** A field's value in words, where it is only read. */
import type { FieldValue, ListItem } from './schema.ts';

/** "(empty)" and "(none)" where there is nothing; items of a list with a box that says whether they are done. */
export function valueText(value: FieldValue): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (!Array.isArray(value)) return String(value).replace('-', '−');
  if (value.length === 0) return '(none)';
  return (value as readonly (string | ListItem)[]).map((each) => (typeof each === 'string' ? each : `${each.done ? '☑' : '☐'} ${each.label}`)).join(', ');
}
