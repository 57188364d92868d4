import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { progressBar } from '../../../../server/cli/console/progress-bar.ts';

/** What is written to a terminal, or to something that is none. */
function streamOf(isTTY: boolean): { readonly stream: NodeJS.WriteStream; said(): string } {
  let said = '';
  const stream = Object.assign(new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  }), { isTTY, columns: 80 });
  return { stream: stream as unknown as NodeJS.WriteStream, said: () => said };
}

test('a terminal shows how much is done, when it takes long, and is clean again in the end', () => {
  const { stream, said } = streamOf(true);
  const bar = progressBar('replaying', stream, 0);
  bar.show(0, 640);
  bar.show(320, 640);
  bar.end();
  expect(said()).toMatch(/replaying .* 0 %/);
  // The line is cleared, and nothing follows.
  expect(said().slice(said().lastIndexOf('%') + 1)).toMatch(/\u001b\[0?K/);
});

test('what is soon done shows nothing, and a file gets nothing', () => {
  const soon = streamOf(true);
  const fast = progressBar('replaying', soon.stream, 60_000);
  fast.show(64, 128);
  fast.end();
  const file = streamOf(false);
  const quiet = progressBar('replaying', file.stream, 0);
  quiet.show(64, 128);
  quiet.end();
  expect([soon.said(), file.said()]).toEqual(['', '']);
});
