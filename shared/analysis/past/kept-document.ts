/** A copy of a Y.Doc in which nothing is deleted, with the contents that Yjs has thrown away, as far as somebody knows them. */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import type { Schema } from '../../document/schema.ts';
import { YjsStrategy } from '../../strategies/yjs/yjs-strategy.ts';
import { getOrMake } from '../concurrency.ts';
import { eachOf, type Sliced } from '../slices.ts';
import type { CreatedContents } from './created-contents.ts';

type Struct = Y.Item | Y.GC | Y.Skip;

/** Snapshots of Yjs need a document that throws nothing away. */
export function* keptDocument(schema: Schema, doc: Y.Doc, contents: CreatedContents): Sliced<Y.Doc> {
  const kept = new Y.Doc({ gc: false });
  // The initial values, with what was deleted of them since.
  new YjsStrategy(schema, kept);
  const { structs } = Y.decodeUpdate(Y.encodeStateAsUpdate(doc));
  yield;
  const byClient = new Map<number, Struct[]>();
  yield* eachOf(structs as readonly Struct[], (struct) => {
    const ofClient = getOrMake(byClient, struct.id.client, () => []);
    if (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted) for (const part of filled(struct, contents)) ofClient.push(part);
    else ofClient.push(struct);
  });
  Y.applyUpdate(kept, updateOf(byClient));
  return kept;
}

/** What was deleted may have been written by several edits. */
function filled(item: Y.Item, contents: CreatedContents): Y.Item[] {
  const { client, clock } = item.id;
  const parts: Y.Item[] = [];
  for (let at = 0; at < item.length; ) {
    const content = contentAt(item, at, contents);
    // What follows in an item builds on what is before it.
    const origin = at === 0 ? item.origin : Y.createID(client, clock + at - 1);
    const [parent, key] = at === 0 ? [item.parent, item.parentSub] : [null, null];
    parts.push(new Y.Item(Y.createID(client, clock + at), null, origin, null, item.rightOrigin, parent, key, content));
    at += content.getLength();
  }
  return parts;
}

function contentAt(item: Y.Item, at: number, contents: CreatedContents): Y.ContentString | Y.ContentAny | Y.ContentDeleted {
  const { client, clock } = item.id;
  const known = contents.from(client, clock + at)?.slice(0, item.length - at);
  if (typeof known === 'string') return new Y.ContentString(known);
  if (known) return new Y.ContentAny(known.slice());
  let length = 1;
  while (at + length < item.length && contents.from(client, clock + at + length) === null) length++;
  return new Y.ContentDeleted(length);
}

/** An update of Yjs (v1) without deletions. Source: Yjs, "Update format"; each client's structs stand in the order of their clocks. */
function updateOf(byClient: ReadonlyMap<number, readonly Struct[]>): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, byClient.size);
  for (const [client, structs] of byClient) {
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, structs[0]!.id.clock);
    for (const struct of structs) struct.write(encoder, 0);
  }
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array();
}
