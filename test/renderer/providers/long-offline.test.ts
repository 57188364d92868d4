/** A window that comes back after a long time offline, with more edits than one message may hold. */
import { expect, test } from 'vitest';
import { openWindow, isSaved } from '../../support/faults-fixture.ts';
import { joinAsApp, startLab, until } from '../../support/lab-fixture.ts';

test('what a window did offline goes out in messages that the relay takes, however much it is', async () => {
  const lab = await startLab({ payloadBytesMax: 512 * 1024 });
  const window = await openWindow(lab, 'A');
  window.connection.isOnline = false;
  const text = window.doc.getText('essay');
  for (let i = 0; i < 40; i++) text.insert(i % 2 === 0 ? 0 : text.length, 'Written on a train. '.repeat(2_500));
  text.delete(1_000, 100_000);
  window.connection.isOnline = true;
  await until(() => isSaved(window));
  expect(window.connection.trouble).toBe(null);
  const reader = joinAsApp(lab, 'lab');
  await until(() => reader.doc.getText('essay').length === 1_900_000);
  expect(reader.doc.getText('essay').toString()).toBe(text.toString());
  // The next one, too.
  text.insert(0, 'And now at home: ');
  await until(() => reader.doc.getText('essay').toString().startsWith('And now') && isSaved(window));
});
