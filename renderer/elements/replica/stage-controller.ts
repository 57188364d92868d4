/**
 * Decides when the healing stage plays: once after each rejoin of the window, when it has ended and been judged, at the latest 1.5 s after the others were
 * reached again; never where motion is not wanted or too much has changed. Until then what the window had stays in sight.
 */
import type { LitElement, ReactiveController } from 'lit';
import type { RejoinView } from '../../../shared/analysis/rejoin-views.ts';
import { valueText } from '../../../shared/document/value-text.ts';
import type { StrategyId } from '../../../shared/history/record.ts';
import { frameUpdates } from '../../controllers/frame-updates.ts';
import type { ReplicaModel } from '../../controllers/replica-model.ts';
import { shownRejoin } from './column-verdict.ts';
import { type BeforeValue, HealingStage } from './healing-stage.ts';
import { stageFieldsMax, stageWaitMsMax } from './stage-plan.ts';

export interface StageHost extends LitElement {
  readonly session: ReplicaModel | null;
}

export class StageController implements ReactiveController {
  /** What has been told of the latest rejoin, when its last act is over. */
  announcement = '';
  private readonly before = new Map<string, BeforeValue>();
  private readonly stage: HealingStage;
  private wasApart = false;
  /** Rejoins that were played, or that were there before. */
  private seen: number | null = null;
  private waiting: ReturnType<typeof setTimeout> | null = null;
  private stopFollowing: (() => void) | null = null;
  private isLate = false;
  /** The rejoin whose first act was begun before it was judged. */
  private met: number | null = null;

  /** `announced`: what a rejoin did, in a sentence or two. */
  constructor(private readonly host: StageHost, private readonly announced: (rejoin: RejoinView, session: ReplicaModel) => string) {
    this.stage = new HealingStage(host, (key) => this.before.get(key));
    host.addController(this);
  }

  /** Whether there is a rejoin that could be played once more. */
  get canPlay(): boolean {
    const { session } = this.host;
    return session !== null && shownRejoin(session) !== undefined && this.before.size > 0 && isMotionWanted();
  }

  readonly playAgain = (): void => {
    const { session } = this.host;
    const rejoin = session && shownRejoin(session);
    if (session && rejoin) this.play(session, rejoin);
  };

  hostUpdate(): void {
    const { session } = this.host;
    if (session?.phase === 'apart') this.remember(session);
  }

  hostUpdated(): void {
    const { session } = this.host;
    if (!session) return;
    this.seen ??= session.rejoins.length;
    const isApart = session.phase === 'apart';
    if (isApart) this.giveUp();
    else if (this.wasApart) this.wait(session);
    this.wasApart = isApart;
    const rejoin = shownRejoin(session);
    if (!rejoin || session.rejoins.length <= this.seen || (rejoin.endedMs === null && !this.isLate)) return;
    if (!rejoin.isJudged) return this.meet(session, rejoin);
    this.seen = session.rejoins.length;
    this.stopWaiting();
    this.play(session, rejoin);
  }

  hostDisconnected(): void {
    this.stopWaiting();
    this.stage.end();
  }

  /** What each cell shows; this is asked for while nobody else's edits come in. */
  private remember(session: ReplicaModel): void {
    for (const strategy of session.strategies) {
      for (const { id, type } of session.schema) {
        this.before.set(`${strategy} ${id}`, { text: valueText(session.draft(strategy, id)), isNumber: type === 'counter' || type === 'stock' });
      }
    }
  }

  private wait(session: ReplicaModel): void {
    this.isLate = false;
    if (isMotionWanted()) this.stage.hold();
    let { rejoins } = session;
    this.stopFollowing?.();
    this.stopFollowing = session.subscribe(() => {
      if (session.rejoins === rejoins) return;
      rejoins = session.rejoins;
      frameUpdates.hurry();
    });
    this.waiting = setTimeout(() => {
      this.isLate = true;
      this.met = null;
      // Where nothing met there is nothing to play.
      this.stage.end();
      this.host.requestUpdate();
    }, stageWaitMsMax);
  }

  /** Parted again before anything was played: what has come stays in sight. */
  private giveUp(): void {
    if (this.waiting) this.stage.end();
    this.met = null;
    this.stopWaiting();
  }

  private stopWaiting(): void {
    if (this.waiting) clearTimeout(this.waiting);
    this.waiting = null;
    this.stopFollowing?.();
    this.stopFollowing = null;
  }

  /** What met is known sooner than how it ended. */
  private meet(session: ReplicaModel, rejoin: RejoinView): void {
    if (this.met === session.rejoins.length || this.isLate || !isStaged(rejoin) || this.stage.isPlaying) return;
    this.met = session.rejoins.length;
    this.stage.meet();
  }

  private play(session: ReplicaModel, rejoin: RejoinView): void {
    const tell = (): void => {
      // As it is known by now: while the stage played, more may have been answered.
      this.announcement = this.announced(shownRejoin(session) ?? rejoin, session);
      this.host.requestUpdate();
    };
    // A second one while the first is playing: the final state at once.
    const isSecond = this.stage.isPlaying;
    const isSkipped = this.met === session.rejoins.length && !this.stage.isMeeting;
    this.met = null;
    if (isSecond || isSkipped || !isStaged(rejoin)) {
      this.stage.end();
      return tell();
    }
    // The fields inside have to show the final state, to be measured.
    if (!this.stage.isHeld) this.stage.hold();
    frameUpdates.uncover();
    afterFrames(() => frameUpdates.whenDone(() => this.stage.play(new Set(session.strategies.filter((strategy) => isAtRest(session, strategy))), tell)));
  }
}

/** Whether no answer to an edit of this window is awaited that could still change what the column shows. */
function isAtRest(session: ReplicaModel, strategy: StrategyId): boolean {
  return session.schema.every(({ id }) => session.standing(strategy, id).pending === 0);
}

function afterFrames(run: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(run));
}

function isStaged({ fields }: RejoinView): boolean {
  return isMotionWanted() && fields.length <= stageFieldsMax;
}

function isMotionWanted(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}
