import type { ApiOperation } from './api-operation.ts';

export const relayOperations: readonly ApiOperation[] = [
  {
    method: 'get', path: '/-/api/openapi.json', id: 'describe', tag: 'Relay', problems: [],
    summary: 'This description of the control API',
    answer: { kind: 'json', shape: 'OpenApi', description: 'An OpenAPI 3.1 document', example: { openapi: '3.1.0', info: { title: 'Rejoin control API', version: '0.1.0' }, paths: {} } },
  },
  {
    method: 'get', path: '/-/api/relay', id: 'getRelay', tag: 'Relay', problems: [],
    summary: 'Whether the relay is on',
    answer: { kind: 'json', shape: 'Relay', description: 'Its state and its address', example: { online: true, url: 'http://127.0.0.1:1234' } },
  },
  {
    method: 'put', path: '/-/api/relay', id: 'switchRelay', tag: 'Relay', problems: [400, 413],
    summary: 'Switches the relay off or on',
    description: 'Off: all sessions drop with close code 4503, and new ones are closed with 4503. The control API and the control channel stay.',
    body: { shape: 'RelaySwitch', examples: { off: { online: false }, on: { online: true } } },
    answer: { kind: 'json', shape: 'RelayState', description: 'Its state now', example: { online: false } },
  },
  {
    method: 'get', path: '/-/metrics', id: 'getMetrics', tag: 'Relay', problems: [],
    summary: 'What the relay counted since it began, as Prometheus reads it',
    description: 'Sessions, rooms, deliveries, frames and bytes, what waits, replication lag and time until saved as histograms, what was refused by reason.',
    answer: { kind: 'text', type: 'text/plain', description: 'Text format 0.0.4', example: '# HELP rejoin_sessions Sessions that are connected.\n# TYPE rejoin_sessions gauge\nrejoin_sessions 3\n' },
  },
];
