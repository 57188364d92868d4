/** What every adapter of SharedStore must do. */
import { describe, expect, test } from 'vitest';
import type { LoadedRoom, SharedRoom, SharedStore, SharedWrite, WriteOutcome } from '../../shared/ports/shared-store.ts';
import { until } from '../support/until.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | null): string | null => value && new TextDecoder().decode(value);

/** A relay in a room, and what it has heard. */
interface Place {
  readonly room: SharedRoom;
  readonly loaded: LoadedRoom;
  readonly heard: string[];
  write(write: Partial<SharedWrite>): Promise<WriteOutcome>;
}

/** Registers the suite. `open` opens something that several relays share, and returns what gives each its store. */
export function sharedStoreContract(name: string, open: () => Promise<() => Promise<SharedStore>>): void {
  describe(`shared store contract: ${name}`, () => {
    const enter = async (store: SharedStore, epoch = 'life'): Promise<Place> => {
      const heard: string[] = [];
      const room = store.enter('room', {
        news: (news) => heard.push(text(news)!),
        outdated: () => heard.push('outdated'),
        told: (relay, message, isOwn) => heard.push(`${isOwn ? 'own' : relay === store.relay ? 'mistaken' : 'told'} ${text(message)}`),
        gone: () => heard.push('gone'),
        reached: () => {},
        appeared: () => {},
      });
      const loaded = await room.load(bytes(epoch));
      return { room, loaded, heard, write: (write) => room.write({ epoch: bytes('life'), changes: [], news: bytes('news'), ...write }) };
    };
    const contents = ({ loaded }: Place): string[] => loaded.entries.map(({ key, value }) => `${key}=${text(value)}`);
    const put = (key: string, value: string): SharedWrite['changes'][number] => ({ key, value: bytes(value) });

    test('a room begins with the first epoch that is offered; all relays find the same', async () => {
      const next = await open();
      const [one, two] = [await enter(await next()), await enter(await next(), 'another')];
      expect([contents(one), contents(two)]).toEqual([['meta/epoch=life'], ['meta/epoch=life']]);
    });

    test('what one writes another one hears once, in order, and never the writer; whoever loads later finds it, in the order of keys', async () => {
      const next = await open();
      const [one, two] = [await enter(await next()), await enter(await next())];
      for (let i = 0; i < 20; i++) expect(await one.write({ changes: [put(`b/${i}`, 'x')], news: bytes(`n${i}`) })).toEqual({ kind: 'written' });
      await one.write({ changes: [put('a', 'x'), { key: 'b/3', value: null }], news: bytes('last') });
      await until(() => two.heard.at(-1) === 'last', 'the last news');
      expect(two.heard).toEqual([...Array.from({ length: 20 }, (_, i) => `n${i}`), 'last']);
      expect(one.heard).toEqual([]);
      const keys = contents(await enter(await next())).map((each) => each.split('=')[0]!);
      expect(keys).toEqual([...keys].sort());
      expect(keys).toContain('a');
      expect(keys).not.toContain('b/3');
    });

    test('of those who expect the same only one is let write; the others hear what is there, and none of their changes is made', async () => {
      const next = await open();
      const places = await Promise.all(Array.from({ length: 4 }, async () => enter(await next())));
      const outcomes = await Promise.all(places.map(({ write }, i) => write({ changes: [put(`beside/${i}`, 'x'), { ...put('name', `${i}`), expects: null }] })));
      const winner = outcomes.findIndex(({ kind }) => kind === 'written');
      outcomes.forEach((outcome, i) => expect(outcome).toMatchObject(i === winner ? { kind: 'written' } : { kind: 'refused', key: 'name' }));
      const late = await enter(await next());
      expect(contents(late).filter((each) => each.startsWith('beside'))).toEqual([`beside/${winner}=x`]);
      // The same again is the same, and what was there can be expected.
      expect((await late.write({ changes: [{ ...put('name', `${winner}`), expects: null }] })).kind).toBe('written');
      expect((await late.write({ changes: [{ ...put('name', 'new'), expects: bytes(`${winner}`) }] })).kind).toBe('written');
    });

    test('an emptied room has only what was put in its place; the others are outdated, and nothing of its former life is written', async () => {
      const next = await open();
      const [one, two] = [await enter(await next()), await enter(await next())];
      await one.write({ changes: [put('old', 'x')] });
      await until(() => two.heard.length === 1, 'the news');
      expect((await two.write({ changes: [put('meta/epoch', 'second'), put('kept', 'y')], empties: true })).kind).toBe('written');
      await until(() => one.heard.includes('outdated'), 'the first one to be outdated');
      expect(await one.write({ changes: [put('late', 'x')] })).toEqual({ kind: 'outdated' });
      expect(contents(await enter(await next()))).toEqual(['kept=y', 'meta/epoch=second']);
      // Its answer may have been lost: tried again, it is done already.
      expect((await two.write({ changes: [put('meta/epoch', 'second')], empties: true })).kind).toBe('written');
      expect(contents(await enter(await next()))).toEqual(['kept=y', 'meta/epoch=second']);
    });

    test('while a room is divided, what was written since is kept for whoever comes later; who has not heard all cannot divide it', async () => {
      const next = await open();
      const [one, two] = [await enter(await next()), await enter(await next())];
      await one.write({ news: bytes('before') });
      let divided = await two.write({ division: 'D', news: bytes('divide') });
      if (divided.kind === 'behind') divided = await two.write({ division: 'D', news: bytes('divide') });
      expect(divided.kind).toBe('written');
      expect(two.heard).toEqual(['before']);
      await one.write({ news: bytes('first') });
      await two.write({ news: bytes('second') });
      const since = async (): Promise<(string | null)[]> => (await enter(await next())).loaded.sinceDivided.map(text);
      expect(await since()).toEqual(['first', 'second']);
      while ((await one.write({ division: null })).kind === 'behind');
      await one.write({ news: bytes('third') });
      expect(await since()).toEqual([]);
    });

    test('what is told is heard by all who are there, in one order, and known as their own by those who told it; nobody hears it later', async () => {
      const next = await open();
      const places = await Promise.all(Array.from({ length: 3 }, async () => enter(await next())));
      for (let i = 0; i < 10; i++) for (const [at, { room }] of places.entries()) room.tell(bytes(`${at}:${i}`));
      await until(() => places.every(({ heard }) => heard.length === 30), 'all to hear all');
      const orders = places.map(({ heard }) => heard.map((each) => each.split(' ')[1]).join());
      expect(new Set(orders).size).toBe(1);
      places.forEach(({ heard }, at) => expect(heard.filter((each) => each.startsWith('own')).every((each) => each.startsWith(`own ${at}:`))).toBe(true));
      expect((await enter(await next())).heard).toEqual([]);
    });

    test('who has left hears nothing', async () => {
      const next = await open();
      const [one, two, three] = [await enter(await next()), await enter(await next()), await enter(await next())];
      two.room.leave();
      await one.write({ news: bytes('later') });
      one.room.tell(bytes('too'));
      await until(() => three.heard.length === 2, 'the third one to hear both');
      expect(two.heard).toEqual([]);
    });
  });
}
