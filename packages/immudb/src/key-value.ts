/** A key and its value. */
export interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
}
