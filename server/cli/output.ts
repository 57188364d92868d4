/** Where a command says things, so that a test can read them without a process of its own. */
export interface Output {
  /** To standard output: text as it is, with its line ends. */
  out(text: string): void;
  /** To standard error. */
  err(text: string): void;
}

/** What this process has. */
export const standardOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};
