import { changeReceipt, type Route } from '@ironforge/contracts';
import type { Response } from 'express';
import type { Answer } from './route.ts';

/** Sends an answer as JSON. */
export function sendAnswer(response: Response, answer: Answer): void {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.body === undefined) response.end();
  else response.type('application/json').send(JSON.stringify(answer.body));
}

/** Throws when the contract does not describe this answer: a bug, not a refusal. */
export function checkAnswer(route: Route, answer: Answer): void {
  if (answer.status === 204) return;
  const schema = schemasOf(route)[answer.status];
  const parsed = schema?.safeParse(answer.body) ?? { success: true };
  if (!parsed.success)
    throw new Error(
      `the answer of ${route.method} ${route.path} differs from its contract: ${parsed.error.message}`,
    );
}

function schemasOf({ status, reply, change }: Route): Readonly<Record<number, Route['reply']>> {
  return { ...(change === 'possible' && { 202: changeReceipt }), [status]: reply };
}
