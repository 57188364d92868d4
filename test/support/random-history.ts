/** Any saved history that is well formed, for properties. Nobody made it: traces and outcomes are such as could stand there. */
import fc from 'fast-check';
import type { Dot, ReplicaId } from '../../shared/clocks/dot.ts';
import { VersionVector } from '../../shared/clocks/version-vector.ts';
import type { Intent } from '../../shared/document/intent.ts';
import { type FieldId, labSchema } from '../../shared/document/schema.ts';
import type { History } from '../../shared/history/history.ts';
import { inCausalOrder } from '../../shared/history/causal-order.ts';
import { type JournalRecord, strategyIds } from '../../shared/history/record.ts';
import { networkEventKinds, type RoomEvent } from '../../shared/history/room-event.ts';

const replicas = ['A', 'B', 'C.2'];
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', '"\\\n\u2028', '👍🏽', '__proto__'));
const left = text.filter(({ length }) => length <= 16);
const replica = fc.constantFrom(...replicas);
const strategy = fc.constantFrom(...strategyIds);

const intents: readonly (readonly [FieldId, fc.Arbitrary<Intent>])[] = [
  ['title', fc.record({ kind: fc.constant('set' as const), value: fc.oneof(text, fc.boolean(), fc.integer()) })],
  ['notes', fc.record({ kind: fc.constant('splice' as const), index: fc.nat(50), removed: text, inserted: text })],
  ['notes', fc.record({ kind: fc.constant('splice' as const), index: fc.nat(50), removed: text, inserted: text, left })],
  ['votes', fc.record({ kind: fc.constant('increment' as const), by: fc.integer({ min: -1_000_000, max: 1_000_000 }) })],
  ['tags', fc.record({ kind: fc.constantFrom('add' as const, 'remove' as const), element: text })],
  ['tags', fc.record({ kind: fc.constant('resolve' as const), value: fc.constant(['a', 'b']), keeps: fc.constant(['A:1']) })],
  ['tasks', fc.record({ kind: fc.constant('insert' as const), after: fc.option(text, { nil: null }), label: text })],
  ['tasks', fc.record({ kind: fc.constant('toggle' as const), item: text, done: fc.boolean() })],
  ['seats', fc.record({ kind: fc.constantFrom('reserve' as const, 'release' as const), amount: fc.integer({ min: 1, max: 9 }) })],
];

const trace = fc.oneof(
  fc.record({ outcome: fc.constant('accepted' as const), details: fc.oneof(fc.constant(null), fc.array(fc.nat(), { maxLength: 4 }), fc.constant([0, { notes: 'A:1' }])) }),
  fc.record({ outcome: fc.constant('refused' as const), reason: text }),
  fc.constant({ outcome: 'pending' as const }),
);

const edit = fc.constantFrom(...intents).chain(([field, intent]) => fc.record({
  intent,
  traces: fc.dictionary(strategy, trace, { maxKeys: 3, noNullPrototype: true }),
  only: fc.option(fc.uniqueArray(strategy, { maxLength: 3 }), { nil: undefined }),
  restores: fc.option(fc.constant('A:1'), { nil: undefined }),
  gathers: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
}).map((parts) => ({ field, ...parts })));

const outcome = fc.record({
  settles: fc.record({ replica, counter: fc.integer({ min: 1, max: 9 }) }),
  strategy,
  settlement: fc.oneof(
    fc.record({ outcome: fc.constant('accepted' as const), details: fc.array(fc.nat(), { maxLength: 3 }) }),
    fc.record({ outcome: fc.constant('refused' as const), reason: text }),
    fc.record({ outcome: fc.constant('unknown' as const), reason: text }),
    fc.record({ outcome: fc.constant('rolled-back' as const), reason: text, details: fc.constant([1, 'A', 2]) }),
  ),
});

const read = fc.record({
  readAt: replica,
  had: fc.uniqueArray(replica).map((names) => VersionVector.of(names.map((name) => [name, 3] as const))),
  seen: fc.array(fc.oneof(
    fc.record({ field: fc.constant('votes'), strategy, value: fc.integer(), last: fc.constantFrom(null, '', 'B:2'), tookMs: fc.nat(1_000) }),
    fc.record({ field: fc.constant('tasks'), strategy, value: fc.constant([{ id: 'A:1', label: 'x', done: true }]), last: fc.constant(null), tookMs: fc.nat(9) }),
  ), { maxLength: 3 }),
});

const event = fc.record({
  replica,
  hears: replica,
  hearsAll: fc.boolean(),
  stepMs: fc.nat(3),
  wallMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
  skewMs: fc.option(fc.integer({ min: -5, max: 5 }).filter((skew) => skew !== 0), { nil: undefined }),
  action: fc.oneof({ weight: 3, arbitrary: edit }, outcome, read),
});

const time = fc.integer({ min: 0, max: 60 });
const lastEdit = fc.constantFrom(null, '', 'A:1', 'B:2');
const votes = fc.record({ votes: fc.integer() });

const roomEvent: fc.Arbitrary<RoomEvent> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...networkEventKinds), replica: fc.option(replica), wallMs: time, payload: fc.constantFrom(null, { online: false }, [['A'], ['B', 'C.2']], 'x') }),
  fc.record({
    kind: fc.constant('arrived' as const), replica, wallMs: time,
    payload: fc.record({ has: fc.uniqueArray(replica).map((names) => VersionVector.of(names.map((name) => [name, 2] as const))), shows: fc.dictionary(strategy, fc.record({ votes: lastEdit, title: lastEdit }), { noNullPrototype: true }) }),
  }),
  fc.record({ kind: fc.constant('reach' as const), replica, wallMs: time, payload: fc.record({ before: fc.uniqueArray(replica), after: fc.uniqueArray(replica) }) }),
  fc.record({ kind: fc.constant('settings' as const), replica: fc.constant(null), wallMs: time, payload: fc.constantFrom({}, { preset: null, quorum: { r: 2, w: 2 } }) }),
  fc.record({ kind: fc.constant('promote' as const), replica, wallMs: time, payload: fc.constant(null) }),
  fc.record({ kind: fc.constant('final-read' as const), replica, wallMs: time, payload: fc.record({ shown: fc.dictionary(strategy, votes, { noNullPrototype: true }), digests: fc.dictionary(strategy, fc.string(), { noNullPrototype: true }) }) }),
);

export const randomHistory: fc.Arbitrary<History> = fc.record({
  records: fc.array(event, { maxLength: 25 }),
  events: fc.array(roomEvent, { maxLength: 5 }),
  document: fc.option(fc.uint8Array({ minLength: 3, maxLength: 40 })),
  strategies: fc.uniqueArray(strategy),
}).map(({ records, ...rest }) => ({ schema: labSchema, replicas, records: inCausalOrder(recordsOf(records)), ...rest }));

/** Each replica has heard what the generator says: all so far, or what one other had. */
function recordsOf(events: readonly (typeof event extends fc.Arbitrary<infer Event> ? Event : never)[]): JournalRecord[] {
  const clocks = new Map<ReplicaId, VersionVector>(replicas.map((name) => [name, VersionVector.empty]));
  let ms = 1;
  return events.map(({ replica: name, hears, hearsAll, stepMs, wallMs, skewMs, action }) => {
    ms += stepMs + 1;
    const heard = hearsAll ? [...clocks.values()] : [clocks.get(hears)!];
    const context = heard.reduce((all, each) => all.merge(each), clocks.get(name)!);
    const dot: Dot = { replica: name, counter: context.get(name) + 1 };
    clocks.set(name, context.with(dot));
    return { dot, context, wallMs, hybrid: { ms, counter: 0 }, ...withoutNothing({ ...action, skewMs }) } as unknown as JournalRecord;
  });
}

function withoutNothing(parts: object): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
