const SELECTOR_END = 10;
const WORD_DIGITS = 64;
const ADDRESS_DIGITS = 40;
const NOBODY = '0'.repeat(ADDRESS_DIGITS);

/**
 * Everything in call data that can be an address, in lower case and once: the low 20 bytes of each word of the arguments, whatever
 * stands above them, since contracts of older compilers do not look there (Solidity before 0.5, Vyper before 0.2). Numbers and
 * texts look the same; whoever compares with a list loses nothing by that.
 */
export function namedAddresses(data: string): readonly string[] {
  const body = data.slice(SELECTOR_END).toLowerCase();
  const words = Array.from({ length: Math.floor(body.length / WORD_DIGITS) }, (_, index) =>
    body.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS),
  );
  const found = words.map((word) => word.slice(-ADDRESS_DIGITS));
  return [...new Set(found)].filter((digits) => digits !== NOBODY).map((digits) => `0x${digits}`);
}
