/**
 * How a window of some size shows fields and strategies: as a table (fields down, strategies across), or as cards (one a field, a row a strategy) in one to
 * three columns. Source: 6-windows, "Density". All sizes in CSS pixels at letters of 16 px: larger letters make a window smaller.
 */

export interface WindowSize {
  readonly width: number;
  readonly height: number;
  /** What is left for the fields: the review may stand beside them. */
  readonly fieldsWidth: number;
}

export interface GridLayout {
  readonly kind: 'table' | 'cards';
  /** Of cards, how many beside each other; of a table 1. */
  readonly cardColumns: 1 | 2 | 3;
  /** What each side did has a column of its own; in cards it stands at their top. */
  readonly hasMet: boolean;
  /** `brief`: a reason in a word or two, or none. */
  readonly words: 'long' | 'brief';
  /** Width of the field names and of "met" in a table; 0: it has none. */
  readonly rail: number;
  readonly met: number;
  /** `low`: counters take one line with their status. `tile`: tags too, sums and what was simply kept are left out. */
  readonly height: 'full' | 'low' | 'tile';
}

/** A table whose columns would be narrower becomes cards. */
const columnWidthMin = 148;
const metTableMin = 960;
/** So wide a window has room for long sentences, whatever it shows. */
const roomyMin = 1500;

/** `strategies`: how many are shown. */
export function gridLayout({ width, height, fieldsWidth }: WindowSize, strategies: number): GridLayout {
  const isWide = width >= metTableMin;
  const [rail, met] = width >= roomyMin ? [96, 220] : isWide ? [88, 172] : [60, 0];
  const isTable = width >= 600 && (strategies <= 2 || width >= 1100) && (fieldsWidth - rail - met) / strategies >= columnWidthMin;
  if (!isTable) return { kind: 'cards', cardColumns: width < 600 ? 1 : width < metTableMin ? 2 : 3, hasMet: true, words: 'brief', height: 'full', rail: 0, met: 0 };
  const isLow = isWide ? height <= 560 : height <= 440;
  const hasRoom = width >= roomyMin || (strategies <= 2 && isWide && !isLow);
  return { kind: 'table', cardColumns: 1, hasMet: isWide, words: hasRoom ? 'long' : 'brief', height: !isLow ? 'full' : !isWide && height <= 380 ? 'tile' : 'low', rail, met };
}
