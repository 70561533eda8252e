/** A number of 16 bits, big-endian. */
export function u16(value: number): Uint8Array {
  return numberBytes(BigInt(value), 2);
}

/** A number of 32 bits, big-endian. */
export function u32(value: number): Uint8Array {
  return numberBytes(BigInt(value), 4);
}

/** A number of 64 bits, big-endian. */
export function u64(value: bigint): Uint8Array {
  return numberBytes(value, 8);
}

function numberBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes.subarray(8 - length);
}
