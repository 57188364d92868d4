/** What every adapter of the Transport port must do. */
import type { Transport } from '../../shared/ports/transport.ts';
import { mustEqual, waitUntil } from './checks.ts';
import type { TestFunctions } from './test-functions.ts';

/** A transport under test, with the far end in the test's hands. */
export interface TransportFixture {
  readonly transport: Transport;
  /** Lets the connection come about. */
  connect(): Promise<void> | void;
  /** Breaks the connection from outside. */
  cut(): Promise<void> | void;
  /** What has arrived at the far end. */
  readonly arrived: readonly Uint8Array[];
  /** Sends a frame from the far end. */
  reply(frame: Uint8Array): void;
  /** Moves what is under way. */
  deliver(): void;
  close(): Promise<void> | void;
}

/** Frames that an adapter may carry start with 64, the number of our messages. */
const frame = (...rest: number[]): Uint8Array => Uint8Array.of(64, 3, 0, ...rest);

/**
 * Registers the suite. `make` makes a transport that is closed.
 *
 *     import { describe, test } from 'vitest';
 *     transportContract({ describe, test }, 'my transport', () => myFixture());
 */
export function transportContract(
  { describe, test }: TestFunctions,
  name: string,
  make: () => Promise<TransportFixture>,
): void {
  describe(`transport contract: ${name}`, () => {
    async function connected(): Promise<{ fixture: TransportFixture; log: string[] }> {
      const fixture = await make();
      const log: string[] = [];
      fixture.transport.listen({ opened: () => log.push('opened'), received: (bytes) => log.push(`received ${bytes[3]}`), closed: () => log.push('closed') });
      await fixture.connect();
      await waitUntil(() => fixture.transport.isOpen, 'the transport to open');
      return { fixture, log };
    }

    const settled = (fixture: TransportFixture, done: () => boolean, what: string): Promise<void> => waitUntil(() => {
      fixture.deliver();
      return done();
    }, what);

    test('opened comes before the first frame, closed after the last, and then nothing', async () => {
      const { fixture, log } = await connected();
      fixture.reply(frame(1));
      await settled(fixture, () => log.length === 2, 'the frame');
      await fixture.cut();
      await waitUntil(() => !fixture.transport.isOpen, 'the transport to close');
      mustEqual(log, ['opened', 'received 1', 'closed']);
      await fixture.close();
    });

    test('frames arrive whole, once and in order, both ways', async () => {
      const { fixture, log } = await connected();
      const numbers = Array.from({ length: 100 }, (_, i) => i);
      for (const number of numbers) {
        fixture.transport.send(frame(number));
        fixture.reply(frame(number));
      }
      const ours = (): number[] => fixture.arrived.filter((bytes) => bytes[0] === 64).map((bytes) => bytes[3]!);
      await settled(fixture, () => ours().length >= 100 && log.length >= 101, 'all frames');
      mustEqual(ours(), numbers);
      mustEqual(log.slice(1), numbers.map((number) => `received ${number}`));
      await fixture.close();
    });

    test('what is sent while closed is dropped, not queued', async () => {
      const fixture = await make();
      mustEqual(fixture.transport.isOpen, false);
      fixture.transport.send(frame(1));
      await fixture.connect();
      await waitUntil(() => fixture.transport.isOpen, 'the transport to open');
      fixture.transport.send(frame(2));
      await settled(fixture, () => fixture.arrived.some((bytes) => bytes[0] === 64), 'the second frame');
      mustEqual(fixture.arrived.filter((bytes) => bytes[0] === 64).map((bytes) => bytes[3]), [2]);
      await fixture.close();
    });

    test('whoever listens late hears at once that it is open; whoever stops hears nothing more', async () => {
      const { fixture } = await connected();
      const late: string[] = [];
      const stop = fixture.transport.listen({ opened: () => late.push('opened'), received: () => late.push('received'), closed: () => late.push('closed') });
      mustEqual(late, ['opened']);
      stop();
      await fixture.cut();
      await waitUntil(() => !fixture.transport.isOpen, 'the transport to close');
      mustEqual(late, ['opened']);
      await fixture.close();
    });

    test('opens again after a cut', async () => {
      const { fixture, log } = await connected();
      await fixture.cut();
      await waitUntil(() => log.includes('closed'), 'the transport to close');
      await fixture.connect();
      await waitUntil(() => log.filter((line) => line === 'opened').length === 2, 'the transport to open again');
      fixture.reply(frame(7));
      await settled(fixture, () => log.at(-1) === 'received 7', 'a frame of the second connection');
      await fixture.close();
    });
  });
}
