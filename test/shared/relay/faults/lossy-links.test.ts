/** y-websocket clients that know nothing of lost frames, on links that lose, repeat and reorder them. */
import { expect, test } from 'vitest';
import { bend, haveEqualDocuments, reset, roomDocument } from '../../../support/faults-fixture.ts';
import { startLab, until } from '../../../support/lab-fixture.ts';
import { joinFollowed, typeOverLossyLinks } from '../../../support/lossy-clients.ts';

test('apps on lossy links type thousands of edits: none is closed, and all are equal when the links are mended', { timeout: 120_000 }, async () => {
  const lab = await startLab();
  const apps = await joinFollowed(lab, ['one', 'two', 'three']);
  await typeOverLossyLinks((name, link) => bend(lab, name, link), apps, 2_400);
  await reset(lab);
  await until(async () => haveEqualDocuments([await roomDocument(lab), ...apps.map(({ doc }) => doc)]));
  expect(apps.flatMap(({ closes }) => closes)).toEqual([]);
  expect(lab.lines).toEqual([]);
});

test('an app on a sound link beside them hears all that is whole, and is never closed', { timeout: 120_000 }, async () => {
  const lab = await startLab();
  const [lossy, sound] = [await joinFollowed(lab, ['one']), await joinFollowed(lab, ['sound'])];
  await typeOverLossyLinks((name, link) => bend(lab, name, link), lossy, 1_500);
  sound[0]!.doc.getText('t').insert(0, 'sound');
  await reset(lab);
  await until(() => haveEqualDocuments([...lossy, ...sound].map(({ doc }) => doc)));
  expect([...lossy, ...sound].flatMap(({ closes }) => closes)).toEqual([]);
});
