import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHttpServer, handshakeMsMax } from '../../../server/relay/http-server.ts';
import { atEnd } from '../../support/lab-fixture.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!hasOpenssl)('a client that says nothing in a TLS handshake is cut off when its time is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-handshake-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'], { stdio: 'ignore' });
  const server = createHttpServer({ key: readFileSync(key), cert: readFileSync(cert) }, () => {}, 200);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const silent = connect((server.address() as AddressInfo).port, '127.0.0.1');
  silent.on('error', () => {});
  // Ends well before the 120 seconds that Node gives by itself, or this test fails by its own time.
  await new Promise((resolve) => silent.once('close', resolve));
  expect(handshakeMsMax).toBe(10_000);
});
