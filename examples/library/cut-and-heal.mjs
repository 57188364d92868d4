// Two replicas of one document are cut apart, edited on both sides and healed. What did each
// strategy make of the edits? All runs in virtual time, with the code that runs in real windows.
import * as rejoin from 'rejoin';

const schema = [
  { id: 'title', type: 'register', label: 'Title', initial: 'Trip' },
  { id: 'seats', type: 'stock', label: 'Seats left', initial: 3 },
];
const strategies = rejoin.strategyIds;
const settings = rejoin.defaultStrategySettings;
const options = { schema, replicas: ['A', 'B'], strategies, settings, seed: 1 };
const room = await rejoin.SimulatedRoom.open(options);
const [a, b] = ['A', 'B'].map((name) => room.at(name).replica);

room.islands([['A'], ['B']]);
a.perform('title', { kind: 'set', value: 'Trip to Rome' });
a.perform('seats', { kind: 'reserve', amount: 2 });
await room.pass(1_000);
b.perform('title', { kind: 'set', value: 'Trip to Oslo' });
b.perform('seats', { kind: 'reserve', amount: 2 });
await room.quiet(); // Strategies that have to ask the other replica get no answer.
await room.heal();
await room.converged(30_000);
const { relay, everywhere } = room;
const judged = { enabled: strategies, siblings: settings.siblings };
const ledger = rejoin.roomLedger(schema, room.records(), relay.document, everywhere, judged);
for (const { strategy, kept, lost, toResolve, refused, oversold } of ledger.totals) {
  console.log(rejoin.strategyNames[strategy], { kept, lost, toResolve, refused, oversold });
}
for (const { sentence } of rejoin.reviewOf(ledger, schema, '', strategies)) console.log(sentence);
