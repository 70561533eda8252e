/**
 * Proves a password and acts on it; null when what was proved stood no more at the act, twice in a row. Once it may: whoever signs
 * in beside this one may just have stored a better hash of the same password.
 */
export async function proveAndAct<Proof, Outcome>(
  prove: () => Promise<Proof>,
  act: (proof: Proof) => Promise<Outcome | null>,
): Promise<Outcome | null> {
  return (await act(await prove())) ?? (await act(await prove()));
}
