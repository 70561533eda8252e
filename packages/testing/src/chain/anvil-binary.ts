import { createRequire } from 'node:module';

/** Where anvil is: `ANVIL_BIN`, or the npm package of this platform. Throws with the ways to get it. */
export function anvilBinary(): string {
  const given = process.env['ANVIL_BIN'];
  if (given !== undefined && given !== '') return given;
  const name = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil`);
  } catch (cause) {
    throw new Error(`anvil is missing: set ANVIL_BIN or install ${name}; run "./ironforge test"`, { cause });
  }
}
