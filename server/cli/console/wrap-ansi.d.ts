/** The types that wrap-ansi 7 comes without. */
declare module 'wrap-ansi' {
  /** Breaks lines at spaces. `hard`: also words that are longer than a line. */
  export default function wrapAnsi(text: string, columns: number, options?: { readonly hard?: boolean }): string;
}
