import { CALLS } from '../wire/answers.ts';
import type { Outcome, Session } from './sessions.ts';

/** Which of these keys the server says it holds. It is not proved: what is found is read with its proof, the rest is written. */
export async function heldKeys(
  session: Session,
  keys: readonly Buffer[],
): Promise<Outcome<(key: Buffer) => boolean>> {
  const reply = await session.call(CALLS.getAll, { keys });
  if (!('read' in reply)) return reply;
  const held = new Set(reply.read.entries.map(({ key }) => key.toString('hex')));
  return { verified: (key) => held.has(key.toString('hex')) };
}
