/**
 * A session of the load program: a WebSocket client that costs the program as little as it can, so that the server is what is measured. It speaks
 * y-websocket's protocol, with each frame's address before it where the server is Hocuspocus.
 */
import { connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';

/** "0 sync, 0 step 1, an empty state vector" and so on, as y-websocket writes them. */
const stepOneOfNothing = Uint8Array.of(0, 0, 1, 0);
const stepTwoOfNothing = Uint8Array.of(0, 1, 2, 0, 0);

export interface LoadOptions {
  readonly port: number;
  readonly room: string;
  /** Whether the server is Hocuspocus. */
  readonly addressed: boolean;
  /** Whether the server only passes on: then nobody answers. */
  readonly silent: boolean;
  /** Gets each update that came, in a step 2 or by itself: a view, valid only now. */
  readonly updated: (update: Buffer, isStepTwo: boolean) => void;
  /** What this session says to the server's step 1; default: that it has nothing. Told the state vector. */
  readonly stepTwo?: (stateVector: Buffer) => Uint8Array;
  /** Its own state vector; default: of nothing. */
  readonly stateVector?: Uint8Array;
}

export class LoadSession {
  private rest: Buffer | null = null;
  /** Whether the server has ended it. What it did not get by then counts as missing. */
  isClosed = false;
  private isOpen = false;
  private readonly address: Buffer;
  private opened: () => void = () => {};
  private joined: () => void = () => {};

  private constructor(private readonly socket: Socket, private readonly options: LoadOptions) {
    this.address = options.addressed ? Buffer.from([options.room.length, ...Buffer.from(options.room)]) : Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => {
      throw error;
    });
  }

  /** Connected, and told what the room has. */
  static async join(options: LoadOptions): Promise<LoadSession> {
    const socket = connect(options.port, '127.0.0.1');
    const session = new LoadSession(socket, options);
    const opened = new Promise<void>((resolve) => (session.opened = resolve));
    const joined = new Promise<void>((resolve) => (session.joined = resolve));
    socket.write(`GET /${options.room} HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    await opened;
    if (options.silent) return session;
    // 2 auth, 0 token, "" and a version, for whom an address is needed.
    if (options.addressed) session.say(Uint8Array.of(2, 0, 0, 0));
    session.say(options.stateVector ? stepOne(options.stateVector) : stepOneOfNothing);
    await joined;
    return session;
  }

  /** The bytes of a message as this session sends it, to be sent with `sendBytes`. */
  framed(message: Uint8Array): Buffer {
    return masked(Buffer.concat([this.address, message]));
  }

  say(message: Uint8Array): void {
    this.socket.write(this.framed(message));
  }

  /** Frames that `framed` made. */
  sendBytes(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  get bytes(): number {
    return this.socket.bytesRead + this.socket.bytesWritten;
  }

  close(): void {
    this.isClosed = true;
    this.socket.removeAllListeners('error').on('error', () => {});
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    let data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = null;
    if (!this.isOpen) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return void (this.rest = data);
      if (!data.subarray(0, 12).toString().startsWith('HTTP/1.1 101')) throw new Error(`the server answered ${data.subarray(0, end).toString()}`);
      this.isOpen = true;
      data = data.subarray(end + 4);
      this.opened();
    }
    let at = 0;
    while (data.length - at >= 2) {
      let length = data[at + 1]! & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (data.length - at < 10) break;
        length = Number(data.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (data.length < start + length) break;
      this.frame(data[at]! & 0x0f, data, start, start + length);
      at = start + length;
    }
    if (at < data.length) this.rest = data.subarray(at);
  }

  private frame(kind: number, data: Buffer, start: number, end: number): void {
    if (kind === 9) return void this.socket.write(masked(data.subarray(start, end), 0x8a));
    if (kind === 8) return this.close();
    const at = start + this.address.length;
    // Sync, and what Hocuspocus calls a reply to it.
    if (data[at] !== 0 && data[at] !== 4) return;
    const step = data[at + 1];
    let from = at + 2;
    while (data[from]! >= 0x80) from++;
    const bytes = data.subarray(from + 1, end);
    if (step === 0) return this.say(this.options.stepTwo ? stepTwo(this.options.stepTwo(bytes)) : stepTwoOfNothing);
    this.options.updated(bytes, step === 1);
    if (step === 1) this.joined();
  }
}

export function stepOne(stateVector: Uint8Array): Uint8Array {
  return sync(0, stateVector);
}

export function stepTwo(update: Uint8Array): Uint8Array {
  return sync(1, update);
}

export function updateMessage(update: Uint8Array): Uint8Array {
  return sync(2, update);
}

function sync(step: number, bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.of(0, step, ...length, rest), bytes]);
}

const mask = Buffer.of(0x37, 0xfa, 0x21, 0x3d);

function masked(payload: Uint8Array, first = 0x82): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(head + 4 + length);
  bytes[0] = first;
  if (length < 126) bytes[1] = 0x80 | length;
  else if (length < 65_536) {
    bytes[1] = 0x80 | 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 0x80 | 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  mask.copy(bytes, head);
  for (let i = 0; i < length; i++) bytes[head + 4 + i] = payload[i]! ^ mask[i & 3]!;
  return bytes;
}
