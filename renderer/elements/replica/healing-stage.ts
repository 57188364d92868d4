/**
 * The healing stage: plays how what each side had became what each column shows. The final state stands behind it from the beginning: the stage lays what this
 * window had over it, lets the edits that met fly to where they settled, and goes. Any key or click ends it. A field with focus is not touched.
 */
import type { LitElement } from 'lit';
import { frameUpdates } from '../../controllers/frame-updates.ts';
import { colourStyle } from '../parts/replica-dot.ts';
import { type Act, type CellActs, cellActs, flowMs, meetAct, verdictAct } from './stage-plan.ts';

const easing = 'cubic-bezier(0.2, 0.7, 0.2, 1)';

/** What a window had in one cell before it met the others. */
export interface BeforeValue {
  readonly text: string;
  readonly isNumber: boolean;
}

/** A cell that is played: what each person did to its field, and its place among those that are. */
interface PlayedCell {
  readonly cell: HTMLElement;
  readonly rail: HTMLElement;
  readonly sides: readonly HTMLElement[];
  readonly row: number;
  readonly column: number;
}

/** What flies from where it met to where it settled. */
interface Flight {
  readonly author: string;
  readonly text: string;
  readonly from: DOMRect;
  readonly to: DOMRect;
  readonly act: Act;
}

export class HealingStage {
  private animations: Animation[] = [];
  private frame = 0;
  /** When the first act began, on the clock of the page's animations. */
  private startMs: CSSNumberish | null = null;
  /** The same, where both sides met before it was known how that ended. */
  private metMs: number | null = null;
  private added: HTMLElement[] = [];
  private finish: (() => void) | null = null;

  /** `key` of a cell: its strategy and its field. */
  constructor(private readonly host: LitElement, private readonly before: (key: string) => BeforeValue | undefined) {}

  get isPlaying(): boolean {
    return this.finish !== null;
  }

  /** Whether both sides have met, and what became of it is awaited. */
  get isMeeting(): boolean {
    return this.metMs !== null;
  }

  /** Whether what the window had is laid over the cells. */
  get isHeld(): boolean {
    return this.added.length > 0;
  }

  /** What the window had stays in sight until the stage begins, where the person is not at it. */
  hold(): void {
    this.clear();
    const covered = this.cells().filter((cell) => this.cover(cell) !== null);
    // What comes in meanwhile is brought up to date once, before the stage begins.
    frameUpdates.cover(covered.map((cell) => cell.querySelector('.control')!.firstElementChild));
    this.listen();
  }

  /** The first act alone: both sides slide in while the columns still show what the window had. `play` goes on from there. */
  meet(): void {
    if (!this.isHeld) this.hold();
    this.slideIn(this.rails());
    this.metMs = Number(this.startMs ?? document.timeline.currentTime);
  }

  /** `settled`: columns whose edits have all been answered; in others nothing flies. `done`: called once, at the end or when it is skipped. */
  play(settled: ReadonlySet<string>, done: () => void): void {
    const { metMs } = this;
    this.clear();
    this.finish = done;
    // Both sides go on where they are; nothing leaves them later than it has to.
    if (metMs !== null) this.startMs = Math.max(metMs, Number(document.timeline.currentTime) - flowMs);
    const rails = this.rails();
    const cells = this.cells();
    const columns = [...new Set(cells.map(({ dataset }) => dataset['strategy']!))];
    const played = rails.filter(({ sides }) => sides.length > 0).flatMap(({ rail, sides }, row) =>
      cells.filter(({ dataset }) => dataset['field'] === rail.dataset['field']).map((cell) => ({ cell, rail, sides, row, column: columns.indexOf(cell.dataset['strategy']!) })));
    // All is measured before anything is laid over it: each measurement after a change would lay the whole page out anew.
    const inSight = played.filter(({ cell }) => !cell.matches(':focus-within') && isInSight(cell));
    const flights = inSight.filter(({ cell }) => settled.has(cell.dataset['strategy']!)).flatMap((each) => flightsOf(each));
    this.slideIn(rails);
    const covers = inSight.map(({ cell }) => this.cover(cell));
    for (const flight of flights) this.fly(flight);
    for (const [column, head] of [...this.host.renderRoot.querySelectorAll('.head')].entries()) this.playHead(head, column);
    this.listen();
    // Covered cells have their acts a frame later: all of them at once would keep the page from a key for long.
    this.frame = requestAnimationFrame(() => {
      for (const [at, { cell, row, column }] of inSight.entries()) this.playCell(cell, covers[at]!, cellActs(row, column));
    });
    void this.over().then(() => this.end(), () => undefined);
  }

  private rails(): { readonly rail: HTMLElement; readonly sides: readonly HTMLElement[] }[] {
    return [...this.host.renderRoot.querySelectorAll<HTMLElement>('.rail[data-field]')].map((rail) => ({ rail, sides: this.sides(rail.dataset['field']!) }));
  }

  private slideIn(rails: readonly { readonly sides: readonly HTMLElement[] }[]): void {
    for (const [row, { sides }] of rails.filter((each) => each.sides.length > 0).entries()) {
      for (const [at, side] of sides.entries()) this.animate(side, slide(at === 0 ? -24 : 24), meetAct(row));
    }
  }

  /** Resolves when the last act is over; rejects where it is skipped. */
  private async over(): Promise<void> {
    let count = 0;
    while (count < this.animations.length) {
      count = this.animations.length;
      await Promise.all(this.animations.map(({ finished }) => finished));
    }
  }

  /** Shows the final state. */
  readonly end = (): void => {
    const { finish } = this;
    this.clear();
    finish?.();
  };

  private clear(): void {
    this.finish = null;
    frameUpdates.uncover();
    cancelAnimationFrame(this.frame);
    [this.startMs, this.metMs] = [null, null];
    for (const animation of this.animations) animation.cancel();
    for (const element of this.added) element.remove();
    [this.animations, this.added] = [[], []];
    removeEventListener('keydown', this.end, true);
    removeEventListener('click', this.end);
    this.host.renderRoot.removeEventListener('focusin', this.uncover);
  }

  private listen(): void {
    addEventListener('keydown', this.end, true);
    // After what was clicked has had its click: nothing moves away under a pointer that is down.
    addEventListener('click', this.end);
    this.host.renderRoot.addEventListener('focusin', this.uncover);
  }

  /** Who comes to a field sees it as it is. */
  private readonly uncover = ({ target }: Event): void => {
    frameUpdates.uncover();
    for (const cover of (target as Element).closest('.cell')?.querySelectorAll('.before') ?? []) cover.remove();
  };

  private playCell(cell: HTMLElement, cover: HTMLElement | null, acts: CellActs): void {
    if (cover) this.animate(cover, [{ opacity: 1 }, { opacity: 0 }], acts.fade);
    const status = [...cell.querySelectorAll<HTMLElement>('.st')];
    for (const line of status.filter((each) => !isAnswer(each))) {
      this.animate(line, [{ opacity: 0, transform: 'translateY(-8px)' }, { opacity: 1, transform: 'none' }], acts.status);
      for (const struck of line.querySelectorAll('s')) this.animate(struck, [{ textDecorationColor: 'transparent' }, {}], acts.strike);
    }
    const halves = deepQuery(cell, '.half');
    for (const [at, half] of halves.entries()) this.animate(half, [{ opacity: 0.2, transform: `translateY(${at === 0 ? 60 : -60}%)` }, { opacity: 1, transform: 'none' }], acts.siblings);
    // That was refused when it was made: the value only moves to the outside and back.
    if (status.some(isAnswer)) this.animate(cell.querySelector('.control')!, [{ transform: 'none' }, { transform: 'translateX(8px)' }, { transform: 'none' }], { ...acts.flight, duration: 180 });
  }

  private fly({ author, text, from, to, act }: Flight): void {
    const chip = document.createElement('div');
    chip.className = 'fly';
    chip.setAttribute('aria-hidden', 'true');
    chip.setAttribute('style', colourStyle(author));
    chip.textContent = text;
    this.add(this.host.renderRoot, chip);
    const [start, end] = [`translate(${from.left}px, ${from.top}px)`, `translate(${to.left - 4}px, ${to.top - 1}px)`];
    this.animate(chip, [{ opacity: 0, transform: start }, { opacity: 1, offset: 0.12, transform: start }, { opacity: 1, offset: 0.88, transform: end }, { opacity: 0, transform: end }], act);
  }

  private playHead(head: Element, column: number): void {
    const act = verdictAct(column);
    for (const verdict of head.querySelectorAll('.verdict')) this.animate(verdict, [{ opacity: 0 }, { opacity: 1 }], { ...act, duration: 400 });
    for (const bar of head.querySelectorAll('.bar')) this.animate(bar, [{ clipPath: 'inset(0 100% 0 0)' }, { clipPath: 'inset(0)' }], act);
  }

  /** Lays what the window had over a cell; null where nothing is known of it, or the person is there. */
  private cover(cell: HTMLElement): HTMLElement | null {
    const { strategy, field } = cell.dataset;
    const before = this.before(`${strategy} ${field}`);
    if (!before || cell.matches(':focus-within')) return null;
    const cover = document.createElement('div');
    cover.className = before.isNumber ? 'before number' : 'before';
    cover.setAttribute('aria-hidden', 'true');
    cover.textContent = before.text;
    this.add(cell, cover);
    return cover;
  }

  private add(parent: ParentNode, element: HTMLElement): void {
    parent.append(element);
    this.added.push(element);
  }

  private animate(element: Element, frames: Keyframe[], { delay, duration }: Act): void {
    const animation = element.animate(frames, { delay, duration, easing, fill: 'both' });
    this.startMs ??= document.timeline.currentTime;
    animation.startTime = this.startMs;
    this.animations.push(animation);
  }

  private cells(): HTMLElement[] {
    return [...this.host.renderRoot.querySelectorAll<HTMLElement>('.cell[data-strategy]')];
  }

  /** What each person did to a field. */
  private sides(field: string): HTMLElement[] {
    return [...this.host.renderRoot.querySelectorAll<HTMLElement>(`.met[data-field="${CSS.escape(field)}"] li`)];
  }
}

function flightsOf({ cell, rail, sides, row, column }: PlayedCell): Flight[] {
  const act = cellActs(row, column).flight;
  const status = [...cell.querySelectorAll<HTMLElement>('.st')].filter((each) => !isAnswer(each));
  const targets = [cell.querySelector('.control')!, ...status].flatMap((each) => deepQuery(each, '[data-author]'));
  return targets.flatMap((target) => flightTo(target, rail, sides, act) ?? []);
}

/** Null where nothing is seen of it. */
function flightTo(target: HTMLElement, rail: HTMLElement, sides: readonly HTMLElement[], act: Act): Flight | null {
  const { author } = target.dataset;
  const text = (target instanceof HTMLInputElement ? target.value : ownText(target)).trim();
  const side = sides.find(({ dataset }) => dataset['author'] === author);
  if (text === '' || author === undefined || !side) return null;
  const [from, to] = [((side.checkVisibility() && side.querySelector('.t')) || rail).getBoundingClientRect(), target.getBoundingClientRect()];
  return to.width === 0 || !isInSight(target) ? null : { author, text, from, to, act };
}

function slide(fromPx: number): Keyframe[] {
  return [{ opacity: 0, transform: `translateX(${fromPx}px)` }, { opacity: 1, transform: 'none' }];
}

/** Without the letter of its author. */
function ownText(element: HTMLElement): string {
  return [...element.childNodes].filter((node) => node instanceof Text).map(({ textContent }) => textContent ?? '').join('');
}

/** What was refused or not answered when it was made. */
function isAnswer(line: HTMLElement): boolean {
  return line.matches('.refused, .unknown');
}

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** Elements inside shadow roots, too. */
function deepQuery(root: ParentNode, selector: string): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((each) => [
    ...(each.matches(selector) ? [each] : []),
    ...(each.shadowRoot ? deepQuery(each.shadowRoot, selector) : []),
  ]);
}
