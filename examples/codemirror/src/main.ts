/** A small collaborative editor. The page's address says who you are and where: ?name=alice&room=notes&relay=ws://127.0.0.1:1234 */
import { defaultKeymap } from '@codemirror/commands';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { colourOf } from './colour-of.ts';
import { showConnection, showPeople } from './header.ts';

const address = new URLSearchParams(location.search);
const room = address.get('room') ?? 'notes';
const name = address.get('name') ?? `guest ${1 + Math.floor(Math.random() * 999)}`;
const server = address.get('relay') ?? 'ws://127.0.0.1:1234';

const doc = new Y.Doc();
const text = doc.getText('notes');

// The name is told to the server, so that a test can say whose link is bad. disableBc: else tabs of one browser also talk to each other past the server.
const provider = new WebsocketProvider(server, room, doc, { params: { name }, disableBc: true });
provider.awareness.setLocalStateField('user', { name, color: colourOf(name) });

new EditorView({
  parent: document.querySelector('#editor')!,
  state: EditorState.create({
    extensions: [
      keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Notes' }),
      placeholder('Write something. Everybody in this room sees it.'),
      yCollab(text, provider.awareness),
    ],
  }),
});

document.querySelector('#room')!.textContent = room;
showConnection(provider);
showPeople(provider.awareness);
