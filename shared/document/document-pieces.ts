/**
 * What a reader lacks of a Yjs document, as updates of a bearable size, read from the document while they are sent.
 *
 * Guarantees: each piece is a valid update (format v1) that can be integrated at once by a reader who has the pieces before it;
 * together they are what the document has when the last one is made, deletions included, however it was edited in between. A piece
 * has at most about the wanted number of bytes, but for a single value (an image, say) that is larger. Nothing is made ahead.
 * Does not guarantee: a bound on the last piece's deletions, which have some bytes for each deleted range.
 * Source: the order is that of Yjs's own integration (Yjs 13.6, `integrateStructs`): a struct after all that it refers to.
 */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** Size of a piece, in bytes: at 0.5 MB/s it takes half a second. */
export const pieceBytes = 256 * 1024;
/** Documents up to this size, in bytes, are sent as one message. */
export const smallDocumentBytes = 1024 * 1024;

type Struct = Y.GC | Y.Item;

/** A run of structs of one client, as it is written. */
interface Run {
  readonly clock: number;
  readonly encoder: Y.UpdateEncoderV1;
  count: number;
}

/** Characters or values of one item that go into one piece; more are cut. */
const itemLengthMax = 65_536;

export class DocumentPieces {
  private readonly reached: Map<number, number>;
  /** Clients whose next struct waits for one of the next client here. */
  private readonly path: number[] = [];
  private runs = new Map<number, Run>();
  private isDone = false;

  /** `doc`: the document of the moment. `stateVector`: what the reader has, decoded. */
  constructor(
    private readonly doc: () => Y.Doc,
    stateVector: ReadonlyMap<number, number>,
    private readonly pieceBytesMax: number,
  ) {
    this.reached = new Map(stateVector);
  }

  /** Whether the last piece was made. */
  get isComplete(): boolean {
    return this.isDone;
  }

  /** The next piece. To be called until `isComplete`. */
  next(): Uint8Array {
    const { store } = this.doc();
    this.runs = new Map();
    let bytes = 0;
    const clients = [...store.clients.keys()].sort((a, b) => b - a);
    const cursors = new Map<number, number>();
    while (bytes < this.pieceBytesMax) {
      const client = this.nextClient(store, clients);
      if (client === null) {
        this.isDone = true;
        return this.encode(Y.createDeleteSetFromStructStore(store));
      }
      const struct = structAt(store, client, this.clockOf(client), cursors);
      const awaited = this.awaited(struct);
      if (awaited !== null) this.path.push(awaited);
      else bytes += this.take(struct);
    }
    return this.encode(null);
  }

  private clockOf(client: number): number {
    return this.reached.get(client) ?? 0;
  }

  private nextClient(store: Y.Doc['store'], clients: readonly number[]): number | null {
    while (this.path.length > 0) {
      const client = this.path.at(-1)!;
      if (this.clockOf(client) < Y.getState(store, client)) return client;
      this.path.pop();
    }
    const found = clients.find((client) => this.clockOf(client) < Y.getState(store, client));
    if (found !== undefined) this.path.push(found);
    return found ?? null;
  }

  /** The client of which the reader must have more before it can integrate this struct; null where it can. */
  private awaited(struct: Struct): number | null {
    if (!(struct instanceof Y.Item)) return null;
    const isBegun = this.clockOf(struct.id.client) > struct.id.clock;
    const parent = struct.parent instanceof Y.AbstractType ? struct.parent._item?.id : struct.parent;
    const needed = isBegun ? [struct.rightOrigin] : [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null];
    const awaited = needed.find((id) => id && id.client !== struct.id.client && this.clockOf(id.client) <= id.clock);
    // A document that Yjs has taken has no circle; if one ever came, the reader could wait for both.
    return awaited && !this.path.includes(awaited.client) ? awaited.client : null;
  }

  /** Writes a struct, or as much of it as a piece should have, from where the reader is. Returns the bytes. */
  private take(struct: Struct): number {
    const { client } = struct.id;
    const clock = this.clockOf(client);
    let run = this.runs.get(client);
    if (!run) this.runs.set(client, (run = { clock, encoder: new Y.UpdateEncoderV1(), count: 0 }));
    const before = encoding.length(run.encoder.restEncoder);
    const from = clock - struct.id.clock;
    const until = cutAt(struct, from);
    if (until === struct.length) struct.write(run.encoder, from);
    else part(struct as Y.Item, from, until).write(run.encoder, 0);
    run.count++;
    this.reached.set(client, struct.id.clock + until);
    if (this.path.length > 1) this.path.pop();
    return encoding.length(run.encoder.restEncoder) - before;
  }

  private encode(deletions: ReturnType<typeof Y.createDeleteSetFromStructStore> | null): Uint8Array {
    return encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, this.runs.size);
      // Higher clients first, as Yjs writes them.
      for (const [client, run] of [...this.runs].sort(([a], [b]) => b - a)) {
        encoding.writeVarUint(encoder, run.count);
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, run.clock);
        encoding.writeUint8Array(encoder, run.encoder.toUint8Array());
      }
      const deleted = [...(deletions?.clients ?? [])].sort(([a], [b]) => b - a);
      encoding.writeVarUint(encoder, deleted.length);
      for (const [client, ranges] of deleted) {
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, ranges.length);
        for (const { clock, len } of ranges) {
          encoding.writeVarUint(encoder, clock);
          encoding.writeVarUint(encoder, len);
        }
      }
    });
  }
}

/** The struct of a clock. `cursors` has the places of each client's last one, so that the next one is found at once. */
function structAt(store: Y.Doc['store'], client: number, clock: number, cursors: Map<number, number>): Struct {
  const structs = store.clients.get(client)! as Struct[];
  const last = cursors.get(client);
  const isNext = last !== undefined && structs[last + 1]?.id.clock === clock;
  const index = isNext ? last + 1 : Y.findIndexSS(structs, clock);
  cursors.set(client, index);
  return structs[index]!;
}

/** Up to where, from `from`, a struct goes into one piece: never between the two halves of a character. */
function cutAt(struct: Struct, from: number): number {
  const { length } = struct;
  if (length - from <= itemLengthMax || !(struct instanceof Y.Item)) return length;
  const until = from + itemLengthMax;
  if (struct.content instanceof Y.ContentString) {
    const code = struct.content.str.charCodeAt(until - 1);
    return code >= 0xd800 && code <= 0xdbff ? until - 1 : until;
  }
  return struct.content instanceof Y.ContentAny || struct.content instanceof Y.ContentJSON ? until : length;
}

function part(item: Y.Item, from: number, until: number): Y.Item {
  const { client, clock } = item.id;
  const origin = from > 0 ? Y.createID(client, clock + from - 1) : item.origin;
  const parent = from > 0 ? null : item.parent;
  return new Y.Item(Y.createID(client, clock + from), null, origin, null, item.rightOrigin, parent, item.parentSub, contentPart(item.content, from, until));
}

function contentPart(content: Y.Item['content'], from: number, until: number): Y.Item['content'] {
  if (content instanceof Y.ContentString) return new Y.ContentString(content.str.slice(from, until));
  if (content instanceof Y.ContentAny) return new Y.ContentAny(content.arr.slice(from, until));
  if (content instanceof Y.ContentJSON) return new Y.ContentJSON(content.arr.slice(from, until));
  throw new TypeError('this content has no parts');
}
