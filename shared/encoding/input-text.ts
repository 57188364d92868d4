/** So many characters of a value are named. */
const lengthMax = 40;

/** A value that was not expected, in a few words for a message: "nothing", "a list", "an object", "\"Rome\"", "0.5". */
export function inputText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  // No JSON is what JSON cannot hold: functions, and numbers without end.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
}
