/** The editor as people use it: its built pages, served, and what a person does and sees in one. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build, preview } from 'vite';

export interface Served {
  /** "http://127.0.0.1:43216" */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Builds the pages into a folder of their own, as several tests may run at once, and serves them on a free port. */
export async function servePages(): Promise<Served> {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), 'pages-'));
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  const server = await preview({ root, logLevel: 'warn', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  const { port } = server.httpServer.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

export class EditorPage {
  private constructor(readonly page: Page) {}

  /** Opens the editor in a profile of its own, and waits until it is connected. */
  static async open(browser: Browser, { origin, relay, room, name }: { origin: string; relay: string; room: string; name: string }): Promise<EditorPage> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}/?${new URLSearchParams({ relay, room, name })}`);
    await page.getByRole('status').getByText(/^Connected$/).waitFor();
    return new EditorPage(page);
  }

  /** Types at the end of the text. */
  async type(text: string): Promise<void> {
    const notes = this.page.getByRole('textbox', { name: 'Notes' });
    await notes.press('ControlOrMeta+End');
    await notes.pressSequentially(text);
  }

  /** The text as it is read: without the carets of others, which carry their names, and without the hint in an empty editor. */
  text(): Promise<string> {
    return this.page.locator('.cm-line').evaluateAll((lines) => lines.map((line) => {
      const copy = line.cloneNode(true) as Element;
      for (const other of copy.querySelectorAll('.cm-ySelectionCaret, .cm-placeholder')) other.remove();
      return copy.textContent;
    }).join('\n'));
  }

  status(): Promise<string> {
    return this.page.getByRole('status').innerText();
  }

  /** Who is here, oneself first. */
  people(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Here now' }).getByRole('listitem').allInnerTexts();
  }
}
