/** Whether we are connected, and who else is here. */
import type { WebsocketProvider } from 'y-websocket';

/** Keeps the status line current. */
export function showConnection(provider: WebsocketProvider): void {
  const line = document.querySelector<HTMLElement>('#connection')!;
  const show = (): void => {
    const isConnected = provider.wsconnected && provider.synced;
    line.textContent = isConnected ? 'Connected' : 'Not connected: sending later';
    line.dataset['connected'] = String(isConnected);
  };
  provider.on('status', show);
  provider.on('sync', show);
}

/** Keeps the list of people current, yourself first. */
export function showPeople(awareness: WebsocketProvider['awareness']): void {
  const list = document.querySelector('#people')!;
  const show = (): void => {
    const others = [...awareness.getStates()].filter(([client, state]) => client !== awareness.clientID && state['user']);
    const people = [awareness.getLocalState(), ...others.map(([, state]) => state)].map((state) => state!['user'] as { name: string; color: string });
    list.replaceChildren(...people.map(({ name, color }, at) => {
      const person = document.createElement('li');
      person.textContent = at === 0 ? `${name} (you)` : name;
      person.style.setProperty('--colour', color);
      return person;
    }));
  };
  awareness.on('change', show);
  show();
}
