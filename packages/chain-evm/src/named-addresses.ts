const SELECTOR_DIGITS = 8;
const SELECTOR_END = 2 + SELECTOR_DIGITS;
const WORD_DIGITS = 64;
const ADDRESS_DIGITS = 40;
const NOTHING_ABOVE = '0'.repeat(WORD_DIGITS - ADDRESS_DIGITS);
const NOBODY = '0'.repeat(ADDRESS_DIGITS);

/**
 * Everything in call data that can be an address, in lower case and once, in the order of the data. Numbers and texts look the same;
 * whoever compares with a list loses nothing by that. Of 64 KiB it is 12,288 at most: one in each of 2,048 words, five in each eight
 * steps between them.
 */
export function namedAddresses(data: string): readonly string[] {
  const body = data.slice(SELECTOR_END).toLowerCase();
  const found = new Set<string>();
  for (let at = 0; at + WORD_DIGITS <= body.length; at += SELECTOR_DIGITS)
    if (canHoldAddress(body, at)) found.add(body.slice(at + WORD_DIGITS - ADDRESS_DIGITS, at + WORD_DIGITS));
  found.delete(NOBODY);
  return [...found].map((digits) => `0x${digits}`);
}

/**
 * In each word of the arguments the low 20 bytes can be one, whatever stands above them, since contracts of older compilers do not look
 * there (Solidity before 0.5, Vyper before 0.2). A call inside the call, as of `multicall(bytes[])`, begins with a selector, and so
 * its words stand four bytes further on, each time one is inside another. There twelve zeros must stand above, as the ABI
 * has it: otherwise every four bytes of all call data would be one more address to ask a screening service about.
 */
function canHoldAddress(body: string, at: number): boolean {
  return at % WORD_DIGITS === 0 || body.startsWith(NOTHING_ABOVE, at);
}
