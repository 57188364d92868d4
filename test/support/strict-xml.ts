/** A strict check that a text is well-formed XML, as far as reports use it: a declaration, elements, attributes in double quotes, no text of its own. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Characters that XML 1.0 does not have, section 2.2. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** The root. Throws an Error that says what is not well formed. */
export function parseXml(text: string): XmlElement {
  if (forbidden.test(text)) throw new Error('a character that XML does not have');
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text);
  if (!declaration) throw new Error('no declaration');
  const root: { name: string; attributes: Record<string, string>; children: XmlElement[] } = { name: '', attributes: {}, children: [] };
  const open = [root];
  const token = /\s*<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w-]*="[^"<]*")*)\s*(\/?)>/y;
  token.lastIndex = declaration[0].length;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new Error(`not an element: ${text.slice(at, at + 60)}`);
    const [, closes, name, attributes, isEmpty] = found as unknown as [string, string, string, string, string];
    if (closes) {
      if (open.pop()?.name !== name || open.length === 0) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [] };
    open.at(-1)!.children.push(element);
    if (!isEmpty) open.push(element);
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('an element is left open, or there is not one root');
  return root.children[0]!;
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, name, value] of text.matchAll(/([A-Za-z][\w-]*)="([^"]*)"/g)) {
    if (name! in found) throw new Error(`${name!} is there twice`);
    found[name!] = unescaped(value!);
  }
  return found;
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const number = /^#(\d+)$/.exec(name)?.[1];
    const character = number === undefined ? entities[name] : String.fromCodePoint(Number(number));
    if (character === undefined || !whole.endsWith(';')) throw new Error(`${whole} is no entity`);
    return character;
  });
}
