/** Few bytes that say much. */
import * as encoding from 'lib0/encoding';

/** An update of version 2 of about 40 bytes that claims so many structs of one client, one unit each. */
export function structBomb(structs: number): Uint8Array {
  const repeated = (value: number): Uint8Array => encoding.encode((encoder) => {
    // Minus says that a count follows, less the two that are there anyway.
    encoding.writeVarInt(encoder, -value);
    encoding.writeVarUint(encoder, structs - 2);
  });
  const nothing = new Uint8Array();
  const client = encoding.encode((encoder) => encoding.writeVarInt(encoder, 5));
  const columns = [nothing, client, nothing, nothing, Uint8Array.of(0), Uint8Array.of(0), nothing, nothing, repeated(1)];
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    for (const column of columns) encoding.writeVarUint8Array(encoder, column);
    for (const number of [1, structs, 0, 0]) encoding.writeVarUint(encoder, number);
  });
}
