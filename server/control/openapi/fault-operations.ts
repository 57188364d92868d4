import { noFaults } from '../../../shared/network/link.ts';
import type { ApiOperation } from './api-operation.ts';

const slowLink = { online: true, upstream: { ...noFaults, latencyMs: 200, jitterMs: 50 }, downstream: { ...noFaults, dropRate: 0.1 }, seed: 7 };

export const faultOperations: readonly ApiOperation[] = [
  {
    method: 'get', path: '/-/api/rooms/:room/islands', id: 'getIslands', tag: 'Faults', problems: [404],
    summary: 'How the room is divided',
    answer: { kind: 'json', shape: 'Islands', description: 'The names on each island; none while the room is whole', example: [['A', 'B'], ['C']] },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/islands', id: 'divide', tag: 'Faults', problems: [400, 404, 413],
    summary: 'Divides the room into islands',
    description: 'Sockets stay open and every side goes on. Sessions that no list names form one more island together. A name may stand once; names need not be connected. An empty list heals the room.',
    body: { shape: 'IslandLists', examples: { partition: [['A', 'B'], ['C']], apps: [['alice'], ['bob']] } },
    answer: { kind: 'json', shape: 'Islands', description: 'As it is divided now', example: [['A', 'B'], ['C']] },
  },
  {
    method: 'delete', path: '/-/api/rooms/:room/islands', id: 'heal', tag: 'Faults', problems: [404],
    summary: 'Heals the room: each side gets what the other did',
    answer: { kind: 'nothing', description: 'It is whole' },
  },
  {
    method: 'get', path: '/-/api/rooms/:room/links/:name', id: 'getLink', tag: 'Faults', problems: [400, 404],
    summary: "The faults of one session's link",
    answer: { kind: 'json', shape: 'Link', description: 'The whole link; a sound one where nothing was said', example: slowLink },
  },
  {
    method: 'put', path: '/-/api/rooms/:room/links/:name', id: 'bendLink', tag: 'Faults', problems: [400, 404, 409, 413],
    summary: "Bends one session's link, each way by itself",
    description: 'Says the whole link: what is not named is no fault, so {} mends it. It holds for whoever has the name, now or later. At most 1,000 links of a room have faults.',
    body: { shape: 'LinkChange', examples: { slow: { upstream: { latencyMs: 200, jitterMs: 50 }, downstream: { dropRate: 0.1 }, seed: 7 }, offline: { online: false }, oneWayCut: { upstream: { cut: true } }, sound: {} } },
    answer: { kind: 'json', shape: 'Link', description: 'The whole link, with the seed that was drawn where none was named', example: slowLink },
  },
  {
    method: 'post', path: '/-/api/rooms/:room/reset', id: 'resetFaults', tag: 'Faults', problems: [404],
    summary: 'All faults of the room off: whole, every link sound',
    answer: { kind: 'nothing', description: 'They are off' },
  },
];
