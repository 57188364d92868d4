/** PROTOCOL.md says what the table of messages says: its grammar, who sends each, and what it is for. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type MessageRow, messages, rejoinFrame } from '../../../shared/protocol/messages.ts';
import { directChannels } from '../../../shared/protocol/wire-fields.ts';
import { projectRoot } from '../../tidy/source-files.ts';

const writeAnew = 'REJOIN_WRITE_DOCS=1 npx vitest run --project unit test/shared/protocol/protocol-document.test.ts';
const page = `${projectRoot}shared/protocol/PROTOCOL.md`;
const [begin, end] = ['<!-- messages -->\n', '<!-- end of messages -->'];
const senders = { window: 'window → relay', relay: 'relay → window', either: 'either way' } as const;

/** As `| 3 summary:vector yjsFrames:varuint    saved`, and a line for what each is for. */
function messagesText(table: Readonly<Record<string, MessageRow>>): string {
  const rows = Object.entries(table).map(([kind, { from, about, fields }], number) => {
    const said = Object.entries(fields).map(([name, { grammar }]) => `${name}:${grammar}`);
    return { kind, from, about, grammar: [String(number), ...said].join(' ') };
  });
  const width = Math.max(...rows.map(({ grammar }) => grammar.length));
  const lines = rows.map(({ kind, grammar }, number) => `${number === 0 ? 'message =' : '        |'} ${grammar.padEnd(width)}  ${kind}`);
  const grammar = [
    `frame   = ${rejoinFrame} message  (always the last one of its frame)`,
    ...lines,
    'list(x) = n:varuint n*x',
    'vector  = n:varuint n*(replica:string counter:varuint≥1)',
    `channel = ${directChannels.map((name, number) => `${number} ${name}`).join(' | ')}`,
    'record  = replica:string counter:varuint vector field:string intent:any wallMs:varuint',
    '          hybridMs:varuint hybridCounter:varuint (aside:any traces:any)?',
  ];
  const abouts = rows.map(({ kind, from, about }) => `- \`${kind}\` (${senders[from]}): ${about}`);
  return `\`\`\`\n${grammar.join('\n')}\n\`\`\`\n\n${abouts.join('\n')}\n`;
}

function withMessages(document: string, text: string): string {
  return document.slice(0, document.indexOf(begin) + begin.length) + text + document.slice(document.indexOf(end));
}

test('PROTOCOL.md has the messages of the table', () => {
  const written = readFileSync(page, 'utf8');
  const current = withMessages(written, messagesText(messages));
  if (process.env['REJOIN_WRITE_DOCS'] === '1') writeFileSync(page, current);
  else expect(written, `write it anew: ${writeAnew}`).toBe(current);
});

test('a message more is a line more in the grammar, and one that says what it is for', () => {
  const more: MessageRow = { from: 'window', about: 'Made up.', fields: { peer: messages.direct.fields.peer } };
  const text = messagesText({ ...messages, wave: more });
  expect(text).toMatch(/\| 8 peer:string {2,}wave\n/);
  expect(text).toContain('- `wave` (window → relay): Made up.\n');
  expect(withMessages(readFileSync(page, 'utf8'), text)).not.toBe(readFileSync(page, 'utf8'));
});
