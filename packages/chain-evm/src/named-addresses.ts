const SELECTOR_END = 10;
const WORD_DIGITS = 64;
const ADDRESS_WORD = /^0{24}([0-9a-f]{40})$/;
const NOBODY = '0'.repeat(40);

/**
 * Everything in call data that can be an address, in lower case and once: each word of the arguments whose upper 12 bytes are
 * zero (Solidity ABI specification). Small numbers look the same; whoever compares with a list loses nothing by that.
 */
export function namedAddresses(data: string): readonly string[] {
  const body = data.slice(SELECTOR_END).toLowerCase();
  const words = Array.from({ length: Math.floor(body.length / WORD_DIGITS) }, (_, index) =>
    body.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS),
  );
  const found = words.flatMap((word) => ADDRESS_WORD.exec(word)?.[1] ?? []);
  return [...new Set(found)].filter((digits) => digits !== NOBODY).map((digits) => `0x${digits}`);
}
