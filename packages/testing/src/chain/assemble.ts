const OPCODES: Readonly<Record<string, string>> = {
  STOP: '00',
  ADD: '01',
  MUL: '02',
  SUB: '03',
  DIV: '04',
  LT: '10',
  EQ: '14',
  SHR: '1c',
  CALLER: '33',
  CALLVALUE: '34',
  CALLDATALOAD: '35',
  CODECOPY: '39',
  MSTORE: '52',
  SLOAD: '54',
  SSTORE: '55',
  JUMPI: '57',
  GAS: '5a',
  PUSH0: '5f',
  DUP1: '80',
  DUP2: '81',
  SWAP1: '90',
  LOG3: 'a3',
  CALL: 'f1',
  RETURN: 'f3',
  REVERT: 'fd',
};

/**
 * Code of the EVM, in hex without `0x`, from words: an operation, a number in hex to push, `name:` for a place to jump to,
 * `@name` to push that place. What stands behind `;` is for people.
 */
export function assemble(text: string): string {
  const words = text
    .split('\n')
    .flatMap((line) => (line.split(';')[0] ?? '').split(/\s+/))
    .filter((word) => word !== '');
  const places = new Map<string, number>();
  let at = 0;
  for (const word of words) {
    if (word.endsWith(':')) places.set(word.slice(0, -1), at);
    at += bytesOf(word, new Map()).length / 2;
  }
  return words.map((word) => bytesOf(word, places)).join('');
}

function bytesOf(word: string, places: ReadonlyMap<string, number>): string {
  if (word.endsWith(':')) return '5b';
  if (word.startsWith('@')) return push((places.get(word.slice(1)) ?? 0).toString(16).padStart(4, '0'));
  if (word.startsWith('0x')) return push(word.slice(2));
  const opcode = OPCODES[word];
  if (opcode === undefined) throw new Error(`no operation ${word}`);
  return opcode;
}

function push(digits: string): string {
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`;
  return `${(0x5f + bytes.length / 2).toString(16)}${bytes}`;
}
