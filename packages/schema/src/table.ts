/** The column types in use, as `data.md` names them; a question mark marks a nullable column. */
export type ColumnType = BaseType | `${BaseType}?`;

type BaseType = keyof Values;

/** What a value is in TypeScript when the store reads it. */
interface Values {
  uuid: string;
  text: string;
  varchar: string;
  int4: number;
  int8: bigint;
  numeric: bigint;
  boolean: boolean;
  bytea: Uint8Array;
  timestamptz: Date;
  /** ISO 8601, without time. */
  date: string;
  /** Of unknown shape until a schema parsed it. */
  jsonb: unknown;
  'text[]': string[];
  'uuid[]': string[];
}

/** A table as the migrations make it; a test compares it with a live database. */
export interface Table<Columns extends Record<string, ColumnType>> {
  readonly name: string;
  readonly columns: Columns;
}

/** The row of a table, as the store reads it. */
export type RowOf<T extends Table<Record<string, ColumnType>>> = {
  readonly [Name in keyof T['columns']]: ValueOf<T['columns'][Name]>;
};

type ValueOf<Type> = Type extends `${infer Base extends BaseType}?`
  ? Values[Base] | null
  : Type extends BaseType
    ? Values[Type]
    : never;

/** Names a table and its columns. */
export function table<const Columns extends Record<string, ColumnType>>(
  name: string,
  columns: Columns,
): Table<Columns> {
  return { name, columns };
}
