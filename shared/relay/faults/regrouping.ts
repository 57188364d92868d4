/**
 * One change of a room's islands: what each new island begins with, and what each session hears.
 *
 * What an island had goes with its sessions, as far as they have surely received it; an island that keeps its names keeps what it has; each has at least
 * what the room had when it was divided. A session gets what its new island has and its former one lacked, and nothing else: updates are made by applying
 * the one to a copy of the other, as state vectors would miss deletions.
 */
import { VersionVector } from '../../clocks/version-vector.ts';
import type { FrameCodec } from '../../protocol/codec.ts';
import { recordFrames } from '../../protocol/record-frames.ts';
import { awarenessFrame, updateFrame } from '../frames.ts';
import type { Island, IslandRecords } from './island.ts';
import { newsOf } from '../document/apply-updates.ts';
import type { IslandSnapshot } from '../cluster/cluster-messages.ts';
import type { Session } from '../session/session.ts';

export interface RegroupingOptions {
  readonly codec: Pick<FrameCodec, 'encode'>;
  readonly journal: IslandRecords;
  /** Brings a session up to date of which nobody knows what it has received. */
  readonly resync: (session: Session) => void;
  readonly former: readonly Island[];
  readonly islands: readonly Island[];
  /** Where each session was. */
  readonly from: ReadonlyMap<Session, Island>;
  /** What each former island had. */
  readonly snapshots: ReadonlyMap<Island, IslandSnapshot>;
  /** What the room had when it was divided. */
  readonly base: IslandSnapshot;
  /** Whether others are in the room through other relays: nobody here knows where they come from. */
  readonly hasGuests: boolean;
}

export class Regrouping {
  /** What the sessions of a former island lack of a new one's document. */
  private readonly documentNews = new Map<Island, Map<Island, Uint8Array | null>>();

  constructor(private readonly options: RegroupingOptions) {}

  /** Gives an island what it begins with. The whole room has its document and all records anyway. */
  fill(island: Island, isWhole: boolean): void {
    for (const session of island.sessions) island.awareness.adopt(session, this.formerOf(session).awareness);
    for (const former of new Set([...island.sessions].map((session) => this.formerOf(session)))) island.awareness.adoptDeparted(former.awareness);
    const journals = this.broughtTo(island, (session) => session.isWelcomed);
    island.members = journals.map(({ members }) => members).reduce((longest, each) => (each.length > longest.length ? each : longest));
    if (isWhole) return;
    island.view = journals.reduce((view, snapshot) => view.merge(snapshot.view), VersionVector.empty);
    island.document.begin(this.broughtTo(island, (session) => session.syncState.wasAsked).map(({ snapshot }) => snapshot));
  }

  /** Tells each session of an island what is new to it. */
  tell(island: Island): void {
    for (const session of island.sessions) this.tellPresence(session, island);
    for (const session of island.sessions) {
      if (session.missesFrames) this.options.resync(session);
      else this.tellNews(session, island);
    }
  }

  private broughtTo(island: Island, brings: (session: Session) => boolean): IslandSnapshot[] {
    const { base, snapshots, former, islands } = this.options;
    const same = former.filter((each) => haveSameNames(each, former, island, islands)).map((each) => snapshots.get(each)!);
    const carriers = [...island.sessions].filter((session) => !session.missesFrames && brings(session));
    return [...new Set([base, ...same, ...carriers.map((session) => snapshots.get(this.formerOf(session))!)])];
  }

  private formerOf(session: Session): Island {
    return this.options.from.get(session)!;
  }

  private tellPresence(session: Session, island: Island): void {
    const former = this.formerOf(session);
    const gone = island.awareness.partFrom(former.awareness);
    if (gone) session.send(awarenessFrame(gone));
    const meetsOthers = this.options.hasGuests || [...island.sessions].some((other) => this.formerOf(other) !== former);
    const ask = meetsOthers ? island.awareness.askToReannounce(session) : null;
    if (ask) session.send(awarenessFrame(ask));
  }

  private tellNews(session: Session, island: Island): void {
    const { codec, journal, snapshots } = this.options;
    const former = this.formerOf(session);
    const news = session.syncState.wasAsked ? this.documentNewsOf(former, island) : null;
    if (news) session.send(updateFrame(news));
    if (!session.isWelcomed) return;
    const missing = journal.missing(snapshots.get(former)!.view, island.view ?? journal.summary);
    session.sendFrom(recordFrames(missing.map(({ bytes }) => bytes), codec.encode));
  }

  private documentNewsOf(former: Island, island: Island): Uint8Array | null {
    let known = this.documentNews.get(former);
    if (!known) this.documentNews.set(former, (known = new Map<Island, Uint8Array | null>()));
    if (!known.has(island)) known.set(island, newsOf(this.options.snapshots.get(former)!.snapshot, island.document.snapshot(), island.document.gc));
    return known.get(island)!;
  }
}

/** Whether the same names belong to two islands, each given with its neighbours: those that no list names are known by who is named. */
function haveSameNames(a: Island, besideA: readonly Island[], b: Island, besideB: readonly Island[]): boolean {
  if ((a.names === null) !== (b.names === null)) return false;
  const [namesA, namesB] = a.names && b.names ? [a.names, b.names] : [namesOf(besideA), namesOf(besideB)];
  return namesA.size === namesB.size && [...namesA].every((name) => namesB.has(name));
}

function namesOf(islands: readonly Island[]): ReadonlySet<string> {
  return new Set(islands.flatMap(({ names }) => (names ? [...names] : [])));
}
