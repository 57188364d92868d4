/** The settings of siblings: what does not wait for a person. */
export interface SiblingsSettings {
  /** What decides between the siblings of a set. */
  readonly sets: 'ask' | 'union';
  /** What decides between the siblings of a counter or a stock. */
  readonly numbers: 'ask' | 'maximum' | 'sum';
}

export const defaultSiblingsSettings: SiblingsSettings = { sets: 'ask', numbers: 'ask' };
