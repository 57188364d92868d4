/** `--gc off`: what an app's versions need is kept, by the relay and in what it stores. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { MemoryStore } from '../../../support/memory-store.ts';
import { divide, heal } from '../../../support/faults-fixture.ts';
import { joinAsApp, startLab, until } from '../../../support/lab-fixture.ts';

const keeping = (): Y.Doc => new Y.Doc({ gc: false });

/** What a version that one app kept shows in the document that another app gets after a restart of the relay. */
async function versionAfterRestart(gc: boolean, apart: boolean): Promise<string> {
  const disk = new Map<string, Uint8Array>();
  const first = await startLab({ store: new MemoryStore(disk), gc });
  const author = joinAsApp(first, 'lab', keeping(), { name: 'author' });
  await until(() => author.synced);
  const text = author.doc.getText('text');
  text.insert(0, 'the first version');
  const version = Y.snapshot(author.doc);
  if (apart) await divide(first, ['author'], ['other']);
  text.delete(4, 5);
  text.insert(4, 'second');
  const settled = async (): Promise<boolean> => {
    const copy = keeping();
    Y.applyUpdate(copy, new Uint8Array(await (await fetch(`${first.url}/-/api/rooms/lab/document`)).arrayBuffer()));
    return copy.getText('text').toString() === 'the second version';
  };
  await until(settled);
  if (apart) await heal(first);
  author.destroy();
  await until(() => first.relay.roomNames().length === 0);
  await first.close();
  const second = await startLab({ store: new MemoryStore(disk), gc });
  const reader = joinAsApp(second, 'lab', keeping());
  await until(() => reader.doc.getText('text').toString() === 'the second version');
  return Y.createDocFromSnapshot(reader.doc, version).getText('text').toString();
}

test.each([false, true])('an app reads an earlier version of a text that another one kept (divided meanwhile: %s)', async (apart) => {
  expect(await versionAfterRestart(false, apart)).toBe('the first version');
});

test('by default what was deleted is forgotten', async () => {
  expect(await versionAfterRestart(true, false)).not.toContain('first');
});
