/** Offers a text to the person as a file: a browser puts it among its downloads, the desktop program asks where. */
export function saveFile(name: string, text: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The download reads the object after the click has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
