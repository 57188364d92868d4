/** The settings of last writer wins. */
export interface LastWriterWinsSettings {
  /** What one write replaces. */
  readonly granularity: 'field' | 'document';
  /** Which clock decides who is last. */
  readonly clock: 'wall' | 'hybrid';
}

export const defaultLastWriterWinsSettings: LastWriterWinsSettings = { granularity: 'field', clock: 'wall' };
