/** The story of the design's pictures: A and C plan an offsite, and edit apart. Made by hand in the column of the CRDT, while the windows are wide. */
import type { ReplicaPage } from './replica-page.ts';
import { until } from './until.ts';

/** What both have before they are parted. */
export async function beginOffsite(a: ReplicaPage, c: ReplicaPage): Promise<void> {
  await a.setTitle('Team offsite');
  await a.box('Notes').fill('We meet on Monday at four in the small room.');
  for (const tag of ['food', 'travel']) await a.add('tag', tag);
  for (const task of ['Book train', 'Book hotel', 'Pack']) await a.add('task', task);
  await a.vote(3);
  await a.reserve(2);
  await until(async () => (await c.output('Seats left', 'CRDT (Yjs)')) === '1' && (await c.items('Tasks', 'CRDT (Yjs)')).length === 3, 'all of it at C');
}

/** Edits of every field on both sides; some touch, and both take the last seat. Of votes and tags C writes last, of all else A. */
export async function editOffsiteApart(a: ReplicaPage, c: ReplicaPage): Promise<void> {
  await c.setTitle('Offsite in Rome');
  await replaceWord(c, 'Monday', 'Tuesday');
  await a.vote(1);
  await a.add('tag', 'paris');
  await c.vote(2);
  await c.add('tag', 'rome');
  await c.column('CRDT (Yjs)').getByRole('button', { name: 'Remove tag food' }).click();
  await c.box('Label of task 2').focus();
  await c.column('CRDT (Yjs)').getByRole('button', { name: 'Move up: Book hotel' }).click();
  await c.reserve(1);
  await a.setTitle('Offsite in Paris');
  await replaceWord(a, 'Monday', 'Friday');
  await replaceWord(a, 'small', 'big');
  await a.column('CRDT (Yjs)').getByRole('checkbox', { name: 'Book train' }).click();
  await a.add('task', 'Buy adapter');
  // By key: answers of other columns may move the button under a pointer.
  await a.column('CRDT (Yjs)').getByRole('button', { name: 'Reserve a seat' }).press('Enter');
}

async function replaceWord(replica: ReplicaPage, word: string, by: string): Promise<void> {
  const notes = replica.box('Notes');
  await notes.evaluate((area: HTMLTextAreaElement, sought) => {
    area.focus();
    const at = area.value.indexOf(sought);
    area.setSelectionRange(at, at + sought.length);
  }, word);
  await replica.page.keyboard.type(by);
}
