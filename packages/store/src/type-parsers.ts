import pg from 'pg';

/**
 * How values arrive: int8 and numeric as bigint (never Number; a fraction is a fault), date as its ISO text, the rest
 * as pg reads it. The binary format is never asked for.
 */
export function createTypeParsers() {
  const { INT8, NUMERIC, DATE } = pg.types.builtins;
  const parsers = new pg.TypeOverrides(pg.types);
  parsers.setTypeParser(INT8, BigInt);
  parsers.setTypeParser(NUMERIC, BigInt);
  parsers.setTypeParser(DATE, String);
  return { getTypeParser: (oid: number) => parsers.getTypeParser(oid, 'text') };
}
