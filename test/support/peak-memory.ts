/**
 * A program for `node --require` that notes, when the process ends, how much memory it took at most: bytes, in the file that PEAK_FILE names.
 *
 * Linux is asked for the high-water mark of this program's own memory. What getrusage says counts the memory of the process that started it too, up to the moment when the program replaced
 * it there: a large test runner then looks like a large command.
 */
export const notesPeakMemory = `
const { readFileSync, writeFileSync } = require('fs');
process.on('exit', () => {
  let bytes = process.resourceUsage().maxRSS * 1024;
  try {
    bytes = Number(/^VmHWM:\\s+(\\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {}
  writeFileSync(process.env.PEAK_FILE, String(bytes));
});
`;
