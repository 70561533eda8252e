/**
 * A history that was found once: a payment that its signer sent by himself is undone by a reorg and forgotten, a task takes its
 * nonce for what waits above, and then a speed-up of the payment is asked for. It must not take the lease of the task.
 */
export const SPED_UP_WITHOUT_BYTES = [
  { do: 'ask', which: 13, quote: 'present' },
  { do: 'selfBroadcast', which: 0, isOther: false },
  { do: 'mine', which: 0 },
  { do: 'deliver', which: 0, isKept: false },
  { do: 'askAndSign', which: 0 },
  { do: 'forget' },
  { do: 'reorg', which: 1 },
  { do: 'passTime', ms: 150 },
  { do: 'deliver', which: 0, isKept: false },
  { do: 'fillGaps' },
  { do: 'ask', which: 29, quote: 'present' },
  { do: 'replace', which: 6, how: 'speedUp' },
  { do: 'askAndSign', which: 6 },
] as const;
