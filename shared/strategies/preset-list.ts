/**
 * Presets: the settings under which a column behaves as a named system does by default, with what is known of it.
 *
 * R and W are those of three replicas. Guarantees nothing about a system whose settings were changed: most of them can be set to behave otherwise.
 * The PACELC classes are those of Abadi, "Consistency Tradeoffs in Modern Distributed Database System Design", 2012, for the defaults that hold
 * today; of systems that he does not rate, by the same reasoning: PC/EL, as for his PNUTS, is a system that a partition makes no less consistent
 * than it always is.
 */
import type { StrategyId } from '../history/record.ts';
import type { StrategySettings } from './registry.ts';

export type PacelcClass = 'PA/EL' | 'PA/EC' | 'PC/EC' | 'PC/EL';

export interface Preset {
  readonly id: string;
  /** The system, as its makers write it. */
  readonly name: string;
  /** Of the default settings. */
  readonly pacelc: PacelcClass;
  /** The column that behaves as the system does. */
  readonly strategy: StrategyId;
  /** Further columns that show a part of it. */
  readonly also?: readonly StrategyId[];
  /** Only what the system decides; each strategy's settings are complete. */
  readonly settings: Partial<StrategySettings>;
  /** What it does by default, in a partition and else: only what a run can show. shared/scenarios/presets has a scenario of it, which quotes it. */
  readonly sentence: string;
  /** What is often taught of it, put right. */
  readonly notTrue?: string;
  /** Where the column cannot do as the system does, or which default is meant. */
  readonly note?: string;
  readonly source: { readonly title: string; readonly url: string };
}

export const presets: readonly Preset[] = [
  {
    id: 'postgresql',
    name: 'PostgreSQL',
    pacelc: 'PC/EL',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'asynchronous', promotion: 'anybody' } },
    sentence: 'The primary confirms a commit before any standby has it. In a partition it goes on and standbys only read; one that is promoted lacks what had not arrived.',
    notTrue: 'That synchronous_commit is on by default does not make replication synchronous: while synchronous_standby_names is empty, a commit waits only for the primary\'s own disk.',
    note: 'PostgreSQL promotes no standby by itself: a person or another program does, as a person does here.',
    source: { title: 'PostgreSQL documentation: Log-Shipping Standby Servers', url: 'https://www.postgresql.org/docs/current/warm-standby.html' },
  },
  {
    id: 'mysql',
    name: 'MySQL',
    pacelc: 'PC/EL',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'asynchronous', promotion: 'anybody' } },
    sentence: 'The source confirms a commit without waiting for replicas. In a partition reads from them are stale, and one that is promoted lacks what had not arrived.',
    notTrue: 'Semisynchronous replication does not rule out loss: after 10 seconds without an answer from a replica the source goes on asynchronously.',
    note: 'Meant are a source and its replicas; Group Replication and NDB Cluster behave otherwise.',
    source: { title: 'MySQL Reference Manual: Replication', url: 'https://dev.mysql.com/doc/refman/8.4/en/replication.html' },
  },
  {
    id: 'mongodb',
    name: 'MongoDB',
    pacelc: 'PC/EC',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'majority', promotion: 'majority' } },
    sentence: 'A write is confirmed when a majority has it. A primary without one confirms nothing, and only a side with a majority gets a new primary.',
    notTrue: 'Majority writes do not make reads safe: the default read concern "local" can return a write that is rolled back later.',
    note: 'Before 5.0 the primary alone confirmed: Abadi (2012) rates that as PA/EC. MongoDB elects by itself and reads from the primary; here a person promotes, and each window shows its own copy.',
    source: { title: 'MongoDB Manual: Default Read Concerns and Write Concerns', url: 'https://www.mongodb.com/docs/manual/reference/mongodb-defaults/' },
  },
  {
    id: 'hbase',
    name: 'HBase',
    pacelc: 'PC/EC',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'majority', promotion: 'majority' } },
    sentence: 'One region server takes all writes of a region. When it is cut off, the region cannot be written until another server has taken it over.',
    notTrue: 'The three copies are not servers that could answer instead: they are copies of its files in HDFS, and read replicas of regions are off by default.',
    note: 'There that server answers all reads too, and the Master moves regions by itself; here a person promotes, and every window can be read. HDFS waits for all copies that take part, the column for two.',
    source: { title: 'Apache HBase documentation: Timeline-consistent High Available Reads', url: 'https://hbase.apache.org/docs/architecture/timeline-consistent-reads' },
  },
  {
    id: 'zookeeper',
    name: 'ZooKeeper',
    pacelc: 'PC/EL',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'majority', promotion: 'majority' } },
    sentence: 'A write needs a majority, and so does a new leader. Any server of that side answers reads by itself, maybe stale.',
    notTrue: 'Its reads are not linearizable, only its writes are, so it is PC/EL by default, not PC/EC; even a sync before the read does not strictly make them so.',
    note: 'A server without a majority answers nothing, reads included, unless read-only mode is on; here its window goes on showing its copy. ZooKeeper elects by itself; here a person promotes.',
    source: { title: 'ZooKeeper Internals: Consistency Guarantees', url: 'https://zookeeper.apache.org/doc/current/zookeeperInternals.html' },
  },
  {
    id: 'redis-cluster',
    name: 'Redis Cluster',
    pacelc: 'PA/EL',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'asynchronous', promotion: 'majority' } },
    sentence: 'A master answers before its replicas have the write. Cut off with a minority it goes on, and what it took is lost when the other side promotes a replica.',
    notTrue: 'It does not use Raft for its data: only the election of a new master resembles Raft, replication is asynchronous, and acknowledged writes can be lost.',
    note: 'Redis Cluster promotes by itself, by a majority of its masters, and a minority stops after the node timeout; here a person promotes, and the old leader goes on until the partition heals.',
    source: { title: 'Redis cluster specification', url: 'https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/' },
  },
  {
    id: 'cassandra',
    name: 'Cassandra',
    pacelc: 'PA/EL',
    strategy: 'quorum',
    also: ['last-writer-wins'],
    settings: {
      quorum: { r: 1, w: 1, readRepair: true, writeBack: false, sloppy: false, antiEntropy: true },
      lastWriterWins: { granularity: 'field', clock: 'wall' },
    },
    sentence: 'At consistency level LOCAL_ONE, most drivers\' default, one replica of the local datacentre is enough to read or write, so that each side goes on; of two writes the later timestamp wins.',
    notTrue: 'It has no sloppy quorum: a hint kept for an unreachable replica does not count, except at ANY. And not ONE, but LOCAL_ONE is the default of most drivers; that for Go takes QUORUM.',
    note: 'Cassandra goes by wall-clock timestamps, as the column Last writer wins does, and hints bring replicas up to date; the column Quorum goes by versions, and anti-entropy does that.',
    source: { title: 'Apache Cassandra documentation: Dynamo', url: 'https://cassandra.apache.org/doc/latest/cassandra/architecture/dynamo.html' },
  },
  {
    id: 'dynamodb',
    name: 'DynamoDB',
    pacelc: 'PC/EL',
    strategy: 'single-leader',
    also: ['quorum'],
    settings: {
      singleLeader: { replication: 'majority', promotion: 'majority' },
      quorum: { r: 1, w: 2, readRepair: false, writeBack: false, sloppy: false, antiEntropy: true },
    },
    sentence: 'Writes go through an elected leader and need 2 of 3 copies. By default any copy answers a read, maybe stale.',
    notTrue: 'It is not the Dynamo of 2007, which is PA/EL: it has no sloppy quorum, no vector clocks and no siblings, but one leader for each partition, elected by Multi-Paxos.',
    note: 'Meant is a table in one region; here a person promotes. The column Quorum shows the stale reads too, but it has no leader: concurrent edits can be lost there, which DynamoDB\'s counters are not.',
    source: { title: 'Elhemali et al., Amazon DynamoDB, USENIX ATC 2022', url: 'https://www.usenix.org/conference/atc22/presentation/elhemali' },
  },
  {
    id: 'couchdb',
    name: 'CouchDB',
    pacelc: 'PA/EL',
    strategy: 'siblings',
    settings: { siblings: { sets: 'ask', numbers: 'ask' } },
    sentence: 'Each node takes writes even when it is alone. Conflicting revisions are all kept, and all nodes show the same winner until somebody resolves the conflict.',
    notTrue: 'The last writer does not win: the revision with the longest history does, then the one whose id sorts higher, and time plays no part.',
    note: 'CouchDB lets edits of the winner go on beside the conflict; the column refuses ordinary edits until somebody has chosen.',
    source: { title: 'Apache CouchDB documentation: Replication and conflict model', url: 'https://docs.couchdb.org/en/stable/replication/conflicts.html' },
  },
  {
    id: 'riak',
    name: 'Riak',
    pacelc: 'PA/EL',
    strategy: 'siblings',
    also: ['quorum'],
    settings: {
      siblings: { sets: 'ask', numbers: 'ask' },
      quorum: { r: 2, w: 2, readRepair: true, writeBack: false, sloppy: true, antiEntropy: true },
    },
    sentence: 'Other nodes stand in for unreachable ones, so that each side takes reads and writes. Concurrent values are kept as siblings, which the application has to merge.',
    notTrue: 'R + W > N does not make it consistent: by default the quorum is sloppy, stand-ins count, and a read can miss an acknowledged write.',
    note: 'Meant is a bucket type, as buckets without one keep the latest value only; in the column Quorum other replicas of the document stand in, in Riak nodes that hold no copy else.',
    source: { title: 'Riak KV documentation: Conflict Resolution', url: 'https://docs.riak.com/riak/kv/latest/developing/usage/conflict-resolution/' },
  },
  {
    id: 'cockroachdb',
    name: 'CockroachDB',
    pacelc: 'PC/EC',
    strategy: 'consensus',
    settings: { consensus: { localReads: false } },
    sentence: 'Reads and writes need a majority of a range\'s replicas: a side without one refuses both, and what the other side reads is never stale.',
    notTrue: 'Unlike Spanner\'s, its transactions are serializable but not strictly so: two of them on different keys can take effect in another order than that of real time.',
    note: 'It agrees by Raft, and a read asks the leaseholder alone, whose lease needs a majority; the column asks a majority for each read, and has no transactions over several fields.',
    source: { title: 'CockroachDB documentation: Replication Layer', url: 'https://www.cockroachlabs.com/docs/stable/architecture/replication-layer' },
  },
  {
    id: 'spanner',
    name: 'Spanner',
    pacelc: 'PC/EC',
    strategy: 'consensus',
    settings: { consensus: { localReads: false } },
    sentence: 'A write needs a majority of a Paxos group, so that a side without one refuses. The order of writes and reads is that of real time, however wrong a person\'s clock is.',
    notTrue: 'It is not CA: partitions are rare in its network, but when one happens, it gives up availability (Brewer, "Spanner, TrueTime and the CAP Theorem", 2017).',
    note: 'Spanner gets that order by bounding the error of its own clocks: a commit waits until its timestamp has passed on all. The column needs no clocks, and has no transactions over several fields.',
    source: { title: 'Corbett et al., Spanner: Google\'s Globally-Distributed Database, OSDI 2012', url: 'https://www.usenix.org/conference/osdi12/technical-sessions/presentation/corbett' },
  },
  {
    id: 'pnuts',
    name: 'PNUTS',
    pacelc: 'PC/EL',
    strategy: 'single-leader',
    settings: { singleLeader: { replication: 'asynchronous', promotion: 'anybody' } },
    sentence: 'Each record has a master that orders its writes and passes them on later. While it is unreachable nobody else writes, but any copy can be read, maybe stale.',
    notTrue: 'PC does not say that reads are up to date: it says that a partition makes them no less consistent than they always are (Abadi, 2012).',
    note: 'In PNUTS each record has its own master, which moves to where most of its writes come from; the column has one leader for all fields.',
    source: { title: 'Cooper et al., PNUTS: Yahoo!\'s Hosted Data Serving Platform, VLDB 2008', url: 'https://doi.org/10.14778/1454159.1454167' },
  },
];
