/**
 * HTML and SVG as text, in which whatever people wrote is text and nothing else.
 *
 * Guarantees: what is put into a template is escaped, for content and for quoted attributes alike, unless it is markup already; only templates make markup.
 * Characters that nobody sees and that change how others are read (controls, marks and overrides of direction) are shown by their numbers, so that a line
 * reads as it is written.
 */

/** Made by `markup` alone. */
export class Markup {
  private constructor(readonly text: string) {}

  static of(parts: TemplateStringsArray, values: readonly Content[]): Markup {
    return new Markup(parts.map((part, at) => (at < values.length ? part + textOf(values[at]) : part)).join(''));
  }
}

export type Content = Markup | string | number | null | readonly Content[];

/** A template of markup; what it is given stands in it as text. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return Markup.of(parts, values);
}

function textOf(content: Content | undefined): string {
  if (content === null || content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(textOf).join('');
  return escaped(String(content));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Controls but for the tab and line ends; marks, embeddings, overrides and isolates of direction; separators of lines; halves of characters. */
const unseen = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\p{Cs}]/gu;

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (each) => entities[each]!).replaceAll(unseen, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
