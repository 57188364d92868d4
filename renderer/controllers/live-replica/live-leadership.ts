/** Who leads under the single leader, and how a promotion that was made in this window went. */
import type { Replica } from '../../../shared/replica/replica.ts';
import type { StrategySet } from '../../../shared/strategies/strategy-set.ts';
import { promotionWords } from '../promotion-words.ts';

/** How long the outcome of a promotion is shown; the column's head says who leads after that. */
const announcementMs = 8_000;

export interface LiveLeadershipOptions {
  readonly replica: Pick<Replica, 'id' | 'members'>;
  readonly singleLeader: Pick<StrategySet['singleLeader'], 'leader' | 'promote'>;
  /** Called when the promotion has come to an end. */
  readonly promoted: () => void;
  /** Called when its outcome is not shown any more. */
  readonly changed: () => void;
}

export class LiveLeadership {
  announcement = '';

  constructor(private readonly options: LiveLeadershipOptions) {}

  /** Null while this replica is no member. */
  get leader(): string | null {
    const { replica, singleLeader } = this.options;
    return replica.members.includes(replica.id) ? singleLeader.leader : null;
  }

  promote(): void {
    const { replica, singleLeader, promoted, changed } = this.options;
    singleLeader.promote((how) => {
      this.announcement = promotionWords(replica.id, how);
      promoted();
      setTimeout(() => {
        this.announcement = '';
        changed();
      }, announcementMs);
    });
  }
}
