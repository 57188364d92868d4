/** The words of the screens, each in one sentence. One word, one meaning: design, 1-product, "Words". */

export interface Word {
  readonly word: string;
  readonly means: string;
}

export interface WordGroup {
  readonly title: string;
  readonly words: readonly Word[];
}

export const wordGroups: readonly WordGroup[] = [
  {
    title: 'The lab',
    words: [
      { word: 'Replica', means: 'A copy of the data that accepts edits; here a window.' },
      { word: 'Relay', means: 'The server that passes edits on and keeps them.' },
      { word: 'Island', means: 'Replicas that the relay lets talk to one another; a partition is two or more islands.' },
      { word: 'Rejoin', means: 'Back to one island: what each side had meets what the other had.' },
      { word: 'Action', means: 'A run of typing, or any other single edit; everything that is counted counts actions.' },
      { word: 'Concurrent', means: 'Neither author had seen the other edit.' },
      { word: 'Clock', means: 'A version vector: for each replica, how many of its edits have been seen.' },
    ],
  },
  {
    title: 'Ways of merging',
    words: [
      { word: 'CRDT (Yjs)', means: 'Types that merge by rules of their own, so that all replicas agree without asking.' },
      { word: 'Last writer wins', means: 'The later timestamp stays; the other edit is gone.' },
      { word: 'Siblings', means: 'Values of people who had not seen each other are all kept until a person chooses.' },
      { word: 'Quorum', means: 'A write asks W of N replicas and a read R of N; where the two overlap, a read sees the last write.' },
      { word: 'Consensus', means: 'A majority agrees on each change; a side without one refuses.' },
      { word: 'Single leader', means: 'One replica takes all writes, the others follow it.' },
    ],
  },
  {
    title: 'What becomes of an edit',
    words: [
      { word: 'Kept', means: 'What it wanted can be seen.' },
      { word: 'Superseded', means: 'Somebody who had seen it wrote something else there; nobody lost anything.' },
      { word: 'Lost', means: 'It was accepted, is not to be seen, and nobody who had seen it replaced it.' },
      { word: 'To resolve', means: 'It waits beside others until a person chooses: your turn.' },
      { word: 'Came back', means: 'A removal whose element is there again, as somebody else had not seen it go.' },
      { word: 'Refused', means: 'The strategy said no, and nothing changed.' },
      { word: 'Unknown', means: 'It was sent and no answer came: it may or may not have happened.' },
      { word: 'Pending', means: 'Its answer is open, or not every open window is known to have it.' },
      { word: 'So far', means: 'True of what is here; it may still change, as somebody is awaited.' },
      { word: 'Touching edits', means: 'Words of two people that now stand at one place of a text.' },
      { word: 'Oversold', means: 'More was promised than there was in the stock.' },
    ],
  },
  {
    title: 'How consistent it was',
    words: [
      { word: 'Eventual', means: 'When all edits are everywhere, all replicas show the same.' },
      { word: 'Session guarantees', means: 'Each person reads their own writes, and never an older value than before.' },
      { word: 'Causal', means: 'Nobody sees an edit without those that its author had seen.' },
      { word: 'Sequential', means: 'One order explains what everybody saw, and keeps each person’s own order.' },
      { word: 'Linearizable', means: 'That order also agrees with real time: a read sees every write that had been answered before.' },
      { word: 'Stale read', means: 'A read that gave an older value than one that had been acknowledged before it.' },
      { word: 'Divergence', means: 'How many fields do not show the same at all replicas.' },
      { word: 'Replication lag', means: 'How long an edit takes from its author to each other replica.' },
    ],
  },
];
