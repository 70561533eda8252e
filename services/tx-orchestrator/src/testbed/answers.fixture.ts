/** The reply of an answer that must be a success. */
export function replyOf<T>(
  answer: { status: number } & ({ reply: T } | { change: object } | { problem: object }),
): T {
  if ('reply' in answer) return answer.reply;
  throw new Error(JSON.stringify(answer));
}

/** Status and code of an answer that must be a refusal. */
export function refusalOf(
  answer: { status: number } & ({ reply: unknown } | { change: object } | { problem: { code: string } }),
): string {
  if ('problem' in answer) return `${answer.status} ${answer.problem.code}`;
  throw new Error(`not refused: ${JSON.stringify(answer)}`);
}
