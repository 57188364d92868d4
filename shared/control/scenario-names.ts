/** Whether a scenario came as a text, by its name: "text:1". Others are in the catalogue. */
export function isOfText(name: string): boolean {
  return name.startsWith('text:');
}
