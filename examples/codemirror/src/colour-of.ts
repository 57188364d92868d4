/** Dark enough for white letters on them, and far enough apart for colour-blind people. */
const colours = ['#0b62a8', '#b34700', '#00734f', '#9c3a78', '#6b5400', '#5a3fb0'];

/** A name's colour, the same for everybody. */
export function colourOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 65_536;
  return colours[sum % colours.length]!;
}
