/**
 * How one copy of a single leader comes to lead, and stops: terms, promotion, stepping down.
 *
 * Guarantees: each term has one leader, the replica in its name, across crashes too; whoever leads with a majority's consent holds all that a majority
 * held when it consented. Does not guarantee that there is one leader at a time: whoever is promoted without a majority leads alone, unless the settings say
 * that a promotion takes a majority [LEAD10].
 * Source: Ongaro, Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014, section 5.4; Oki, Liskov, "Viewstamped Replication", 1988 (the new
 * leader takes over the most complete log).
 */
import type { ReplicaId } from '../../clocks/dot.ts';
import { CoordinatedCopy } from '../coordinated-copy.ts';
import { compareVersions, noVersion, type Version } from '../version.ts';
import { Followers } from './followers.ts';
import { notBegun, writeTermKept } from './kept.ts';
import { encodeLeader, type LeaderMessage, type LogEntry } from './messages.ts';
import { type Promotion, promotionRefusal } from './promotion.ts';
import { compareEnds, type ReplicatedLog } from './replicated-log.ts';
import type { SingleLeaderSettings } from './settings.ts';

export type LeaderMessageOf<Kind extends LeaderMessage['kind']> = LeaderMessage & { readonly kind: Kind };

export abstract class Candidacy extends CoordinatedCopy {
  protected log!: ReplicatedLog;
  protected term: Version = noVersion;
  protected role: 'follower' | 'candidate' | 'leader' = 'follower';
  protected begun = 0;
  protected readonly followers = new Followers();
  private standings = new Map<ReplicaId, LeaderMessageOf<'standing'>>();
  private keeping: Promise<void> = Promise.resolve();
  private keptBegun = 0;
  private promoted: ((how: Promotion) => void) | null = null;

  /** Who leads, as far as this copy knows. */
  get leader(): ReplicaId {
    return this.term.replica;
  }

  /** Puts the mark of its term into the log. */
  protected abstract beginTerm(): void;
  protected abstract cutTo(length: number): void;
  protected abstract settings: SingleLeaderSettings;

  /**
   * Makes this copy the leader of a higher term. Where a majority can be reached, it first takes over the most complete of their logs; else it leads
   * alone, with what it has: then two leaders go on until they meet. Where a promotion takes a majority, it is refused instead, and nothing changes.
   */
  promote(done: (how: Promotion) => void = () => undefined): void {
    if (!this.hasJoined) return done('given up');
    const alone = this.mayLeadAlone();
    const refused = alone ? null : promotionRefusal(this.reachable(), this.majority(), this.network.members().length);
    if (refused === null) this.stand(alone, done);
    else done({ refused });
  }

  protected stand(mayLeadAlone: boolean, done: (how: Promotion) => void): void {
    const { network } = this;
    this.adopt({ counter: this.term.counter + 1, replica: network.self });
    this.role = 'candidate';
    this.promoted = done;
    this.standings = new Map();
    const { term } = this;
    const reachable = this.reachable();
    void this.keepTerm(notBegun).then(() => {
      if (!this.isCandidateOf(term)) return;
      if (!this.asksBeforeLeading() || (mayLeadAlone && reachable < this.majority())) return this.lead('alone');
      this.inquire();
      this.onStanding(network.self, { kind: 'standing', term, lastTerm: this.log.lastTerm, length: this.log.length });
    }, () => this.endPromotion('given up'));
  }

  /** [LEAD5] Follows a higher term. A higher one of its own, which its disk has lost, it cannot lead: it stands for the next. */
  protected stepDown(term: Version): void {
    this.adopt(term);
    if (term.replica === this.network.self) return this.stand(false, () => undefined);
    void this.keepTerm(this.begun).catch(() => undefined);
  }

  protected asksBeforeLeading(): boolean {
    return true;
  }

  protected mayLeadAlone(): boolean {
    return this.settings.promotion === 'anybody';
  }

  protected adopt(term: Version): void {
    this.term = term;
    this.role = 'follower';
    if (this.promoted) this.endPromotion('given up');
  }

  protected inquire(): void {
    for (const member of this.others()) this.say(member, { kind: 'inquire', term: this.term });
  }

  protected onStanding(from: ReplicaId, standing: LeaderMessageOf<'standing'>): void {
    if (this.role !== 'candidate') return;
    this.standings.set(from, standing);
    if (this.standings.size < this.majority()) return;
    const [best, end] = [...this.standings].reduce((most, each) => (compareEnds(each[1], most[1]) > 0 ? each : most));
    if (compareEnds(end, { lastTerm: this.log.lastTerm, length: this.log.length }) <= 0) this.lead('with a majority');
    else this.say(best, { kind: 'fetch', term: this.term });
  }

  protected onLog(entries: readonly LogEntry[]): void {
    if (this.role !== 'candidate') return;
    const same = entries.findIndex((entry, i) => compareVersions(this.log.termAt(i + 1), entry.term) !== 0);
    const from = same < 0 ? entries.length : same;
    this.cutTo(from);
    void this.log.append(entries.slice(from)).then(() => this.lead('with a majority'), () => this.endPromotion('given up'));
  }

  private lead(how: Promotion): void {
    const { term } = this;
    this.whenKept(() => {
      if (!this.isCandidateOf(term)) return;
      this.role = 'leader';
      this.begun = this.log.length;
      this.followers.clear();
      void this.keepTerm(this.begun).then(() => this.term === term && this.beginTerm(), () => undefined);
      this.endPromotion(how);
    }, () => this.isCandidateOf(term) && this.endPromotion('given up'));
  }

  private endPromotion(how: Promotion): void {
    const { promoted } = this;
    this.promoted = null;
    promoted?.(how);
  }

  protected isCandidateOf(term: Version): boolean {
    return this.role === 'candidate' && this.term === term;
  }

  protected say(to: ReplicaId, message: LeaderMessage): void {
    this.network.send(to, encodeLeader(message));
  }

  protected whenKept(then: () => void, otherwise: () => void = () => undefined): void {
    // A store that refused the term is asked again.
    void this.keeping.catch(() => this.keepTerm(this.keptBegun)).then(() => this.log.settled()).then(then, otherwise);
  }

  protected keepTerm(begun: number): Promise<void> {
    this.keptBegun = begun;
    this.keeping = this.network.persist('term', writeTermKept(this.term, begun));
    return this.keeping;
  }
}
