/** A replica window in a browser or in Electron, by the names that people and screen readers know. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

export type Column = 'CRDT (Yjs)' | 'Last writer wins' | 'Siblings' | 'Quorum' | 'Consensus' | 'Single leader';

export class ReplicaPage {
  constructor(readonly page: Page) {}

  get network(): Locator {
    return this.page.getByRole('switch', { name: 'Network' });
  }

  get status(): Locator {
    return this.page.getByRole('status').filter({ hasText: /Offline|Connect|Synced|relay is off/ }).first();
  }

  get review(): Locator {
    return this.page.getByRole('region', { name: 'After rejoining' });
  }

  /** Shows the sentences of the review, where they are not shown. */
  async openReview(): Promise<void> {
    const button = this.review.getByRole('button', { name: 'Review', exact: true });
    if ((await button.count()) > 0) await button.click();
  }

  /** What the review says, sentence by sentence, with the names of their buttons; opens it where there is something to open. */
  async sentences(): Promise<string[]> {
    await this.openReview();
    return (await this.review.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  column(name: Column): Locator {
    return this.page.getByRole('region', { name });
  }

  box(name: string, column: Column = 'CRDT (Yjs)'): Locator {
    return this.column(column).getByRole('textbox', { name, exact: true });
  }

  /** The text of an output: "Votes", "Seats left". */
  async output(name: string, column: Column): Promise<string> {
    return (await this.column(column).getByLabel(name, { exact: true }).innerText()).trim().replace('−', '-');
  }

  async notes(column: Column): Promise<string> {
    return this.box('Notes', column).inputValue();
  }

  async type(text: string, column: Column = 'CRDT (Yjs)'): Promise<void> {
    const notes = this.box('Notes', column);
    await notes.press('ControlOrMeta+End');
    await notes.pressSequentially(text);
  }

  async setTitle(title: string, column: Column = 'CRDT (Yjs)'): Promise<void> {
    await this.box('Title', column).fill(title);
    await this.box('Title', column).press('Enter');
  }

  async add(field: 'tag' | 'task', text: string, column: Column = 'CRDT (Yjs)'): Promise<void> {
    await this.box(`New ${field}`, column).fill(text);
    await this.box(`New ${field}`, column).press('Enter');
  }

  async vote(times = 1, column: Column = 'CRDT (Yjs)'): Promise<void> {
    for (let left = times; left > 0; left--) await this.column(column).getByRole('button', { name: 'Add one vote' }).click();
  }

  async reserve(times = 1, column: Column = 'CRDT (Yjs)'): Promise<void> {
    for (let left = times; left > 0; left--) await this.column(column).getByRole('button', { name: 'Reserve a seat' }).click();
  }

  async items(list: 'Tags' | 'Tasks', column: Column): Promise<string[]> {
    const items = await this.column(column).getByRole('list', { name: list }).getByRole('listitem').all();
    return Promise.all(items.map(async (item) => (list === 'Tags' ? (await item.locator('.name').innerText()).trim() : item.getByRole('textbox').first().inputValue())));
  }

  /** Shows a column, where it is not shown already. */
  async showColumn(column: Column): Promise<void> {
    if ((await this.column(column).count()) > 0) return;
    await this.page.getByRole('button', { name: 'Menu' }).click();
    await this.page.getByRole('menuitemcheckbox', { name: `Column ${column}` }).click();
    await this.column(column).waitFor();
  }

  async readFrom(replica: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Menu' }).click();
    await this.page.getByRole('menuitem', { name: `Read from ${replica}` }).click();
  }

  async statusText(): Promise<string> {
    return (await this.status.innerText()).replace(/\s+/g, ' ').trim();
  }

  async isOnline(): Promise<boolean> {
    return (await this.network.getAttribute('aria-checked')) === 'true' || this.network.isChecked();
  }

  async switchNetwork(on: boolean): Promise<void> {
    if ((await this.isOnline()) !== on) await this.network.click();
  }
}

/** Opens a replica window in a context (a browser profile) of its own, and waits until it can be used. */
export async function openReplicaPage(browser: Browser, url: string, name: string): Promise<ReplicaPage> {
  return replicaIn(await browser.newContext(), url, name);
}

export async function replicaIn(context: BrowserContext, url: string, name: string): Promise<ReplicaPage> {
  const page = await context.newPage();
  await page.goto(`${url}/replica/${name}`);
  const replica = new ReplicaPage(page);
  await replica.network.waitFor();
  return replica;
}
