/** One thing the doctor looked at; `fix` says what to do and is null when nothing is wrong. */
export interface Finding {
  readonly what: string;
  readonly detail: string;
  readonly fix: string | null;
}

/** A finding without fault. */
export function well(what: string, detail: string): Finding {
  return { what, detail, fix: null };
}

/** A fault with what to do about it. */
export function ill(what: string, detail: string, fix: string): Finding {
  return { what, detail, fix };
}
