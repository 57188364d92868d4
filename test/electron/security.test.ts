/** The guards of the windows, as really in force in a real Electron. What each lets through is in test/main. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useDesktopLab } from '../support/desktop-lab.ts';
import { until } from '../support/until.ts';

const here = useDesktopLab('A', 'B');

beforeAll(async () => {
  for (const path of paths) await (await here.desktop.page(path)).waitForLoadState();
});

const paths = ['/', '/replica/A', '/replica/B'];

/** The paths of all pages that are open, in order. */
function openPaths(): string[] {
  return here.desktop.app.windows().map((window) => new URL(window.url()).pathname).sort();
}

describe.each(paths)('the window of %s', (path) => {
  test('has the guards of the one factory', async () => {
    const preferences = await here.desktop.app.evaluate(({ BrowserWindow }, wanted) => {
      const window = BrowserWindow.getAllWindows().find((each) => new URL(each.webContents.getURL()).pathname === wanted)!;
      return (window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    }, path);
    expect(preferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false, webSecurity: true, allowRunningInsecureContent: false });
  });

  test('has a secure origin of its own, and nothing of Node', async () => {
    const page = await here.desktop.page(path);
    const seen = await page.evaluate(() => ({
      origin: location.origin,
      secure: isSecureContext,
      node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
      host: Object.entries((window as unknown as { rejoinHost: object }).rejoinHost).map(([name, value]) => `${name}: ${typeof value}`),
    }));
    expect(seen).toEqual({ origin: 'rejoin://lab', secure: true, node: [], host: ['kind: string', 'openReplica: function'] });
  });

  test('stays where it is', async () => {
    const page = await here.desktop.page(path);
    const before = page.url();
    for (const target of ['https://example.org/', 'rejoin://lab/replica/Z', here.lab.url]) {
      const refused = await here.desktop.app.evaluate(async ({ webContents }, { wanted, target }) => {
        const contents = webContents.getAllWebContents().find((each) => new URL(each.getURL()).pathname === wanted)!;
        // This listener comes after the program's own, and so sees what that decided.
        const decided = new Promise<boolean>((resolve) => contents.once('will-navigate', (event) => resolve(event.defaultPrevented)));
        void contents.executeJavaScript(`void (location.href = ${JSON.stringify(target)})`);
        return decided;
      }, { wanted: path, target });
      expect(refused).toBe(true);
      expect(page.url()).toBe(before);
    }
  });

  test('opens no other pages', async () => {
    const page = await here.desktop.page(path);
    const before = openPaths();
    expect(await page.evaluate(() => ['https://example.org/', 'about:blank', 'rejoin://lab/', 'file:///'].map((url) => window.open(url) === null))).toEqual([true, true, true, true]);
    expect(openPaths()).toEqual(before);
  });

  test('gets no permission', async () => {
    const page = await here.desktop.page(path);
    const answers = await page.evaluate(async () => ({
      geolocation: await new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('given'), (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'))),
      camera: (await navigator.permissions.query({ name: 'camera' as PermissionName })).state,
      microphone: (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state,
      notifications: await Notification.requestPermission(),
      clipboard: await navigator.clipboard.readText().then(() => 'given', (error: Error) => error.name),
    }));
    expect(answers).toEqual({ geolocation: 'denied', camera: 'denied', microphone: 'denied', notifications: 'denied', clipboard: 'NotAllowedError' });
  });

  test('runs, loads and reaches nothing but its own files and the server', async () => {
    const page = await here.desktop.page(path);
    const violations = await page.evaluate(async () => {
      const seen: string[] = [];
      const enough = new Promise<void>((resolve) => document.addEventListener('securitypolicyviolation', (event) => {
        seen.push(`${event.effectiveDirective} ${event.blockedURI.replace(/^(https?:\/\/[^/]+).*/, '$1')}`);
        if (seen.length === 5) resolve();
      }));
      setTimeout('window.reached = true', 0);
      const script = document.createElement('script');
      script.textContent = 'window.reached = true';
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      const image = new Image();
      image.src = 'https://example.org/a.png';
      document.body.append(script, frame, image);
      await fetch('http://127.0.0.1:1/').catch(() => {});
      await enough;
      frame.remove();
      return [...seen.sort(), 'reached' in window];
    });
    expect(violations).toEqual(['connect-src http://127.0.0.1:1', 'frame-src https://example.org', 'img-src https://example.org', 'script-src eval', 'script-src-elem inline', false]);
  });
});

describe('replica windows', () => {
  test('each has a storage of its own', async () => {
    const [a, b] = [await here.desktop.page('/replica/A'), await here.desktop.page('/replica/B')];
    await a.evaluate(async () => {
      localStorage.setItem('mark', 'of A');
      await new Promise((resolve) => (indexedDB.open('mark-of-a').onsuccess = resolve));
    });
    const databases = () => indexedDB.databases().then((found) => found.map(({ name }) => name));
    expect(await a.evaluate(databases)).toContain('mark-of-a');
    expect(await b.evaluate(databases)).not.toContain('mark-of-a');
    expect(await b.evaluate(() => localStorage.getItem('mark'))).toBeNull();
  });

  test('a page can ask for one, which has the same guards, and asking again brings it to the front', async () => {
    const room = await here.desktop.page('/');
    const ask = (name: string) => room.evaluate((wanted) => (window as unknown as { rejoinHost: { openReplica(name: string): Promise<void> } }).rejoinHost.openReplica(wanted).then(() => 'opened', (error: Error) => error.message), name);
    expect(await ask('D')).toBe('opened');
    const opened = await here.desktop.page('/replica/D');
    expect(await opened.evaluate(() => [location.origin, 'require' in window])).toEqual(['rejoin://lab', false]);
    expect(await ask('D')).toBe('opened');
    expect(openPaths()).toEqual(['/', '/replica/A', '/replica/B', '/replica/D']);
    for (const name of ['../D', '', 'D'.repeat(40), 'a b']) expect(await ask(name)).toContain('cannot name a replica');
    expect(openPaths()).toHaveLength(4);
  });

  test('a link to one opens its window by the same way', async () => {
    const room = await here.desktop.page('/');
    expect(await room.evaluate(() => window.open('/replica/E'))).toBeNull();
    const opened = await here.desktop.page('/replica/E');
    expect(await opened.evaluate(() => 'require' in window)).toBe(false);
    const titles = await until(async () => {
      const found = await here.desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()).sort());
      return found.length === 5 && found;
    }, 'five windows');
    expect(titles).toEqual(['Rejoin · Control room', 'Rejoin · Replica A', 'Rejoin · Replica B', 'Rejoin · Replica D', 'Rejoin · Replica E']);
  });
});
