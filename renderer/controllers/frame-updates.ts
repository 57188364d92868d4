/**
 * Brings the elements of a window up to date at its frames, in the order in which they asked. Where that takes more than some milliseconds, as after a long time
 * apart, the others wait for the next frame: a key that is pressed has its turn between two of them, and the frame with its letter waits for none of them. A
 * session tells of changes many times a second: what was brought up to date rests as long again as that took, so that half of the page's time goes into it at most.
 */
import type { ReactiveControllerHost } from 'lit';

/** So long updates take in one frame, but for the element that is under way then, in milliseconds. */
const frameMs = 12;
/** Frames stop in a window that is covered or in the background; its content must still not grow old. */
const frameWaitMsMax = 100;
/** At most so long it rests, in milliseconds. */
const restMsMax = 100;
/** So long it rests while most of the window is covered, in milliseconds. */
const coveredRestMs = 250;
/** The frame with its letter comes so soon after a key, in milliseconds. */
const keyMs = 20;

class FrameUpdates {
  /** Elements that asked, in their order. */
  private readonly waiting = new Set<ReactiveControllerHost>();
  /** Elements behind something: nobody sees them, and those that asked meanwhile. */
  private covered = new Set<unknown>();
  private readonly askedCovered = new Set<ReactiveControllerHost>();
  /** Those of the pass that is under way, which may take several frames. */
  private pass = new Set<ReactiveControllerHost>();
  private passes = 0;
  private beganMs = 0;
  private restUntilMs = 0;
  private pressedMs = -Infinity;
  private isRunning = false;
  private cancelFrame: (() => void) | null = null;
  /** `after`: the pass at whose end the window shows what there was when somebody began to wait. */
  private waiters: { readonly after: number; readonly callback: () => void }[] = [];

  /** `page` tells of keys. */
  constructor(page: Pick<Window, 'addEventListener'>) {
    page.addEventListener('keydown', ({ timeStamp }) => (this.pressedMs = timeStamp), { capture: true, passive: true });
  }

  add(host: ReactiveControllerHost): void {
    if (this.pass.has(host)) return;
    if (this.covered.has(host)) return void this.askedCovered.add(host);
    this.waiting.add(host);
    this.awaitFrame();
  }

  remove(host: ReactiveControllerHost): void {
    this.waiting.delete(host);
    this.pass.delete(host);
    this.askedCovered.delete(host);
  }

  /** These elements, and no others, stay as they are until they are uncovered. */
  cover(hosts: Iterable<unknown>): void {
    this.uncover();
    this.covered = new Set(hosts);
  }

  uncover(): void {
    this.covered.clear();
    this.hurry();
    for (const host of this.askedCovered) this.add(host);
    this.askedCovered.clear();
  }

  /** Something that people wait for has come: no rest before it is shown. */
  hurry(): void {
    this.restUntilMs = 0;
    if (!this.cancelFrame) return;
    this.cancelFrame();
    this.awaitFrame();
  }

  /** Calls back when the window shows what there is now. */
  whenDone(callback: () => void): void {
    const isUnderWay = this.isRunning || this.pass.size > 0;
    if (!isUnderWay && this.waiting.size === 0) return callback();
    this.waiters.push({ after: this.waiting.size > 0 ? this.passes + 1 : this.passes, callback });
  }

  private awaitFrame(): void {
    if (this.cancelFrame || this.isRunning) return;
    const run = (): void => void this.run();
    const look = (): void => {
      const quietMs = Math.max(this.restUntilMs, this.pressedMs + keyMs) - performance.now();
      if (quietMs <= 0) return run();
      // To ask for a frame is to have one made.
      rest = setTimeout(() => (frame = requestAnimationFrame(look)), quietMs);
    };
    const late = setTimeout(run, Math.max(frameWaitMsMax, this.restUntilMs - performance.now()));
    let rest: ReturnType<typeof setTimeout> | undefined;
    let frame = requestAnimationFrame(look);
    this.cancelFrame = () => {
      cancelAnimationFrame(frame);
      clearTimeout(rest);
      clearTimeout(late);
      this.cancelFrame = null;
    };
  }

  private async run(): Promise<void> {
    this.cancelFrame?.();
    this.isRunning = true;
    const startMs = performance.now();
    if (this.pass.size === 0) this.beginPass(startMs);
    // What asks during this pass waits for the next one, but for those whose turn is still to come.
    for (const host of this.pass) {
      this.pass.delete(host);
      host.requestUpdate();
      // In the same task: an update is over before anything else happens. What it throws is told by the element.
      await host.updateComplete.catch(() => undefined);
      if (performance.now() > startMs + frameMs) break;
    }
    this.isRunning = false;
    if (this.pass.size === 0) this.endPass();
    if (this.pass.size + this.waiting.size > 0) this.awaitFrame();
  }

  private beginPass(nowMs: number): void {
    this.pass = new Set(this.waiting);
    this.waiting.clear();
    this.passes++;
    this.beganMs = nowMs;
  }

  private endPass(): void {
    const nowMs = performance.now();
    this.restUntilMs = nowMs + (this.covered.size > 0 ? coveredRestMs : Math.min(nowMs - this.beganMs, restMsMax));
    const done = this.waiters.filter(({ after }) => after <= this.passes);
    this.waiters = this.waiters.filter(({ after }) => after > this.passes);
    for (const { callback } of done) callback();
  }
}

/** Of this window. */
export const frameUpdates = new FrameUpdates(globalThis);
