/** What was found, for a program and for people. */
export interface Verified<Verdict extends { readonly isProved: boolean }> {
  readonly verdict: Verdict;
  readonly lines: readonly string[];
}
