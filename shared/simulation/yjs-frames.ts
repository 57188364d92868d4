/** y-websocket's frames for a Y.Doc, as the simulation exchanges them. Source: the y-protocols sync protocol. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { writeWhole } from '../encoding/write-whole.ts';

const sync = 0;
const steps = ['step-one', 'step-two', 'update'] as const;

/** `step-one` asks with a state vector, `step-two` answers with what it lacks, `update` tells what is new. */
export type YjsFrameKind = (typeof steps)[number];

export function yjsFrame(kind: YjsFrameKind, bytes: Uint8Array): Uint8Array {
  return writeWhole((encoder) => {
    encoding.writeVarUint(encoder, sync);
    encoding.writeVarUint(encoder, steps.indexOf(kind));
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

export function isYjsFrame(frame: Uint8Array): boolean {
  return frame[0] === sync;
}

export function readYjsFrame(frame: Uint8Array): { readonly kind: YjsFrameKind; readonly bytes: Uint8Array } {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  const kind = steps[decoding.readVarUint(decoder)];
  if (kind === undefined) throw new RangeError('not a sync frame of y-websocket');
  return { kind, bytes: decoding.readVarUint8Array(decoder) };
}
