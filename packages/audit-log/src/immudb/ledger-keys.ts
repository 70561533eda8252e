/** The key of an entry in immudb, by its number. Keys of one tenant sort by number. */
export function entryKey(tenantId: string, sequence: bigint): string {
  return `audit/${tenantId}/entry/${inOrder(sequence)}`;
}

/** The key of the checkpoint of this size in immudb. */
export function checkpointKey(tenantId: string, size: bigint): string {
  return `audit/${tenantId}/checkpoint/${inOrder(size)}`;
}

/** As many digits as 2^53 - 1 has. */
function inOrder(number: bigint): string {
  return String(number).padStart(16, '0');
}
