/** An asset id as prices are kept by it: on EVM chains the case of letters is a checksum and no part of the name. */
export function spelledAsset(assetId: string): string {
  return assetId.startsWith('eip155:') ? assetId.toLowerCase() : assetId;
}
