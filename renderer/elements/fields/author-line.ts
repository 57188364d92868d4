/** The line that a value stands on: its author's colour, dotted while it has not arrived everywhere. */
import type { Author } from '../../../shared/analysis/authors.ts';
import { colourStyle } from '../parts/replica-dot.ts';

export interface AuthorLine {
  readonly classes: string;
  readonly style: string;
  /** For the healing stage: whose it is. */
  readonly author: string | undefined;
  /** "by A"; of nobody known: empty. */
  readonly spoken: string;
}

const noLine: AuthorLine = { classes: '', style: '', author: undefined, spoken: '' };

export function authorLine(author: Author | null | undefined): AuthorLine {
  if (!author) return noLine;
  const { replica, isPending } = author;
  return { classes: isPending ? 'by pending' : 'by', style: colourStyle(replica), author: replica, spoken: `by ${replica}${isPending ? ', not yet everywhere' : ''}` };
}
