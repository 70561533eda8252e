/** The same bytes with one bit changed, for every bit. */
export function flips(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) =>
    bytes.map((byte, at) => (at === Math.floor(bit / 8) ? byte ^ (1 << (bit % 8)) : byte)),
  );
}

/** A proof with one bit changed, for every bit of every hash. */
export function flipsOfProof(proof: readonly Uint8Array[]): Uint8Array[][] {
  return proof.flatMap((hash, at) => flips(hash).map((flipped) => proof.with(at, flipped)));
}

/** The same number with one bit changed, for every bit up to 2^52. */
export function otherNumbers(value: number): number[] {
  return Array.from({ length: 53 }, (_, bit) => Number(BigInt(value) ^ (1n << BigInt(bit))));
}
