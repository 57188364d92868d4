import { expect, test } from 'vitest';
import { readCommandLine } from '../../../server/cli/command-line.ts';
import { type HelpTopic, helpText } from '../../../server/cli/help-text.ts';
import { UsageError } from '../../../server/cli/usage-error.ts';

test('without options: three replicas in the room lab on port 1234 of this machine, with windows', () => {
  expect(readCommandLine(['start'])).toEqual({ command: 'start', replicas: 3, port: 1234, host: '127.0.0.1', token: null, readToken: null, tokenQuery: null, tls: null, hostNames: [], trustedProxies: [], gc: true, limits: {}, data: null, redis: null, repair: false, open: true, room: 'lab', scenario: null, allowOrigins: [], log: null, json: false });
  expect(readCommandLine(['relay'])).toMatchObject({ command: 'relay', replicas: 0, open: false });
});

test('options are read in both forms', () => {
  expect(readCommandLine(['start', '--replicas', '4', '--port=0', '--host', '::1', '--data=d', '--no-open', '--room', 'r', '--allow-origin', 'http://localhost:5173', '--allow-origin=https://app.example/', '--json'])).toEqual({
    command: 'start', replicas: 4, port: 0, host: '::1', token: null, readToken: null, tokenQuery: null, tls: null, hostNames: [], trustedProxies: [], gc: true, limits: {}, data: 'd', redis: null, repair: false, open: false, room: 'r', scenario: null, allowOrigins: ['http://localhost:5173', 'https://app.example'], log: null, json: true,
  });
});

test('other machines are let in with a token, which is made up where none is given', () => {
  const token = 'abcdefghijklmnopqrstuv';
  expect(readCommandLine(['start', '--host', '0.0.0.0', '--token', token])).toMatchObject({ host: '0.0.0.0', token: { kind: 'given', token, isSecret: false } });
  expect(readCommandLine(['relay', '--host', '192.168.1.7', `--token=-${token}`])).toMatchObject({ token: { kind: 'given', token: `-${token}` } });
  for (const words of [['--token'], ['--token', 'auto'], ['--token', '--json'], ['--token=auto']]) expect(readCommandLine(['relay', '--host', '::', ...words])).toMatchObject({ host: '::', token: { kind: 'made-up' } });
  expect(() => readCommandLine(['start', '--token', 'secret!'])).not.toThrow(/secret/);
});

test('a token by file or by environment, a token for readers, and a name for it in addresses', () => {
  const token = 'any text of 16 or more: ä%+/';
  expect(readCommandLine(['relay', '--host', '0.0.0.0', '--token-file', 'secret.txt'])).toMatchObject({ token: { kind: 'file', path: 'secret.txt' } });
  expect(readCommandLine(['relay', '--host', '0.0.0.0', '--read-token', 'r'.repeat(16), '--token-query', 'auth'], { REJOIN_TOKEN: token })).toMatchObject({
    token: { kind: 'given', token, isSecret: true }, readToken: { kind: 'given', token: 'r'.repeat(16) }, tokenQuery: 'auth',
  });
  expect(readCommandLine(['relay', '--token', token], { REJOIN_TOKEN: 'another one of 22 characters' })).toMatchObject({ token: { token, isSecret: false } });
  expect(() => readCommandLine(['relay'], { REJOIN_TOKEN: 'tooShort' })).toThrow(/^rejoin relay: REJOIN_TOKEN is 16 to 512 characters(?!.*tooShort)/);
});

test('certificate, names and limits', () => {
  expect(readCommandLine(['relay', '--tls-cert', 'c.pem', '--tls-key=k.pem', '--host-name', 'Lab.example', '--host-name=b', '--max-rooms', '5', '--max-sessions=6', '--max-sessions-per-address', '7', '--max-document-mib', '8', '--max-payload-mib', '1', '--max-presence-kib', '2', '--max-room-presence-kib=3'])).toMatchObject({
    tls: { cert: 'c.pem', key: 'k.pem' }, hostNames: ['lab.example', 'b'],
    limits: { roomsMax: 5, sessionsPerRoomMax: 6, sessionsPerAddressMax: 7, documentBytesMax: 8 * 1024 * 1024, payloadBytesMax: 1024 * 1024, presenceBytesMax: 2_048, presencePerRoomBytesMax: 3_072 },
  });
});

test('replay takes a file, strategies in their own order, and the folder of the exports', () => {
  expect(readCommandLine(['replay', 'a.jsonl'])).toEqual({ command: 'replay', file: 'a.jsonl', strategies: null, times: null, sentences: 10, json: false, report: null, out: null });
  expect(readCommandLine(['replay', '--strategy=quorum', '--strategy', 'crdt', '--times', 'file', '--sentences', '0', '--json', '--report', 'r.html', '--out', 'd', 'a.jsonl'])).toEqual({
    command: 'replay', file: 'a.jsonl', strategies: ['crdt', 'quorum'], times: 'file', sentences: 0, json: true, report: 'r.html', out: 'd',
  });
});

test('doctor takes two files, or the address of a room in any of its spellings', () => {
  expect(readCommandLine(['doctor', 'a.bin', 'b.bin', '--json'])).toEqual({ command: 'doctor', of: ['a.bin', 'b.bin'], token: null, json: true });
  for (const address of ['ws://127.0.0.1:4000/lab', 'http://127.0.0.1:4000/lab?name=A', 'WS://127.0.0.1:4000/lab']) {
    expect(readCommandLine(['doctor', address, '--token', 't'])).toEqual({ command: 'doctor', of: { origin: 'http://127.0.0.1:4000', room: 'lab' }, token: 't', json: false });
  }
  expect(readCommandLine(['doctor', 'wss://[::1]/r'])).toMatchObject({ of: { origin: 'https://[::1]', room: 'r' } });
  expect(readCommandLine(['doctor', 'ws://h/org/my notes.md'])).toMatchObject({ of: { room: 'org/my notes.md' } });
});

test.each([
  [[]],
  [['fly']],
  [['run']],
  [['--replicas', '3']],
  [['start', '--bogus']],
  [['start', 'extra']],
  [['start', '--port']],
  [['start', '--port', '-1']],
  [['start', '--port', '65536']],
  [['start', '--port', '1e3']],
  [['start', '--port', '']],
  [['start', '--replicas', '0']],
  [['start', '--replicas', '10']],
  [['start', '--replicas', '2.5']],
  [['start', '--room', 'a/../b']],
  [['start', '--room', '-/api']],
  [['start', '--room', 'x'.repeat(513)]],
  [['start', '--data', '']],
  [['start', '--host', '0.0.0.0']],
  [['relay', '--host', '192.168.1.7']],
  [['start', '--host', '0.0.0.0', '--token', 'tooShort']],
  [['start', '--token', 'x'.repeat(15)]],
  [['start', '--token', `${'x'.repeat(22)} `]],
  [['start', '--token', 'x'.repeat(22), '--token-file', 'f']],
  [['start', '--read-token', 'x'.repeat(22)]],
  [['start', '--token-query', 'auth']],
  [['start', '--token', '--token-query', 'a b']],
  [['start', '--token', '--token-query', 'name']],
  [['relay', '--gc', 'maybe']],
  [['relay', '--trusted-proxy', 'proxy.example']],
  [['relay', '--trusted-proxy', '10.0.0.0/33']],
  [['start', '--token=']],
  [['relay', '--host', 'a b', '--token']],
  [['relay', '--tls-cert', 'c.pem']],
  [['relay', '--tls-key', 'k.pem']],
  [['relay', '--host-name', 'http://lab.example']],
  [['relay', '--max-rooms', '0']],
  [['relay', '--max-document-mib', '1025']],
  [['start', '--no-open=yes']],
  [['relay', '--replicas', '3']],
  [['relay', '--redis', 'http://127.0.0.1:6379']],
  [['relay', '--redis', 'redis://127.0.0.1/rooms']],
  [['relay', '--redis', 'redis://127.0.0.1', '--data', 'folder']],
  [['start', '--redis', 'redis://127.0.0.1']],
  [['relay', '--allow-origin', '*']],
  [['relay', '--allow-origin', 'http://localhost:5173/app']],
  [['relay', '--allow-origin', 'https://*']],
  [['relay', '--allow-origin', 'https://*.com']],
  [['relay', '--allow-origin', 'https://a.*.example.com']],
  [['relay', '--allow-origin', 'capacitor:']],
  [['relay', '--allow-origin', 'app://']],
  [['relay', '--allow-origin', 'localhost:5173']],
  [['relay', '--allow-origin']],
  [['help', 'fly']],
  [['replay']],
  [['replay', 'a', 'b']],
  [['replay', 'a', '--out', '']],
  [['replay', 'a', '--strategy', 'paxos']],
  [['replay', 'a', '--strategy']],
  [['replay', 'a', '--times', 'noon']],
  [['replay', 'a', '--sentences', '-1']],
  [['replay', 'a', '--bogus']],
  [['doctor']],
  [['doctor', '-', '-']],
  [['doctor', 'a', 'b', 'c']],
  [['doctor', 'ws://host']],
  [['doctor', 'ws://host/a', 'b']],
  [['doctor', 'a', 'b', '--token', 't']],
  [['doctor', 'ws://host/a', '--token', '']],
])('%j is refused in one line', (words) => {
  expect(() => readCommandLine(words)).toThrow(UsageError);
  expect(() => readCommandLine(words)).toThrow(/^rejoin[^\n]+$/);
});

test('no windows but --no-open: none of the replicas is fine too', () => {
  expect(readCommandLine(['start', '--replicas', '0', '--no-open'])).toMatchObject({ replicas: 0, open: false });
});

test.each([[['--help'], null], [['-h'], null], [['help', 'relay'], 'relay'], [['start', '--help'], 'start'], [['relay', '-h'], 'relay'], [['replay', 'a', '--help'], 'replay'], [['help', 'replay'], 'replay'], [['doctor', '-h'], 'doctor']])('%j asks for help', (words, topic) => {
  expect(readCommandLine(words as string[])).toEqual({ command: 'help', topic });
  expect(helpText(topic as HelpTopic)).toContain('Examples:');
});

test('a scenario has a room of its own, and says how many replicas there are', () => {
  expect(readCommandLine(['start', '--scenario', 'last-seat'])).toMatchObject({ scenario: 'last-seat', room: 'last-seat' });
  expect(readCommandLine(['start', '--scenario', './my trips/Rome.yaml'])).toMatchObject({ scenario: './my trips/Rome.yaml', room: 'Rome' });
  expect(readCommandLine(['start', '--scenario', 'last-seat', '--room', 'r'])).toMatchObject({ room: 'r' });
  expect(() => readCommandLine(['start', '--scenario', 'last-seat', '--replicas', '2'])).toThrow('rejoin start: the scenario says how many replicas there are; leave out --replicas or --scenario');
});

test('--log is one of four levels', () => {
  expect(readCommandLine(['relay', '--log', 'debug'])).toMatchObject({ log: 'debug' });
  expect(() => readCommandLine(['relay', '--log', 'loud'])).toThrow('rejoin relay: --log is one of error, warn, info, debug, not "loud"');
});

test('the address of a Redis is taken as it is; one that makes no sense is not repeated, as there may be a password in it', () => {
  expect(readCommandLine(['relay', '--redis', 'rediss://me:secret@redis.example:6380/2'])).toMatchObject({ redis: 'rediss://me:secret@redis.example:6380/2' });
  expect(() => readCommandLine(['relay', '--redis', 'http://me:secret@redis.example'])).toThrow(/^(?!.*secret).*--redis is an address such as/);
});
