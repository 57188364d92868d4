/** What is wrong with a text that is no YAML, in a person's words: the library's own name its calls and tokens. */
import type { YAMLError } from 'yaml';

const words: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here ("---"); a scenario is one document',
  TAG_RESOLVE_FAILED: 'there are no tags (such as "!!int") in a scenario',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on one line; a text with ": " in it needs quotes',
  BAD_SCALAR_START: 'a text that begins with a sign such as @, ` or % needs quotes',
  MULTIPLE_ANCHORS: 'a value has two names ("&")',
};

export function yamlTrouble({ code, message }: Pick<YAMLError, 'code' | 'message'>): string {
  if (code === 'UNEXPECTED_TOKEN' && message.includes('token')) return 'there is more where it should have ended';
  return words[code] ?? message;
}
