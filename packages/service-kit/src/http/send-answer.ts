import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { changeReceipt, type Route } from '@ironforge/contracts';
import type { Response } from 'express';
import type { Answer, StreamedAnswer } from './route.ts';

/** The route that is answered, and a signal that is raised when the server stops. */
export interface Sending {
  readonly route: Route;
  readonly stopping: AbortSignal;
}

/**
 * Sends an answer in the media of its route; resolves when it is sent, or when the caller has hung up. Events go on for ever, so they are
 * cut when the server stops; what is a whole may be sent to its end.
 */
export async function sendAnswer(
  response: Response,
  { route, stopping }: Sending,
  answer: Answer | StreamedAnswer,
): Promise<void> {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if ('pieces' in answer) {
    const cut = route.media === 'text/event-stream' ? stopping : NEVER;
    await sendPieces(response.type(route.media), answer, cut).finally(answer.onEnd);
  } else sendWhole(response, answer);
}

function sendWhole(response: Response, { body }: Answer): void {
  if (body === undefined) response.end();
  else response.type('application/json').send(JSON.stringify(body));
}

/** The first piece may be long in coming, so the head of the answer goes ahead. */
async function sendPieces(response: Response, { pieces }: StreamedAnswer, cut: AbortSignal): Promise<void> {
  if (response.req.method === 'HEAD') return void response.end();
  response.flushHeaders();
  await pipeline(Readable.from(pieces), response, { signal: cut }).catch((error: unknown) => {
    if (!hasHungUp(error) && !cut.aborted) throw error;
  });
}

const NEVER = new AbortController().signal;

function hasHungUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Throws when the contract does not describe this answer: a bug, not a refusal. */
export function checkAnswer(route: Route, answer: Answer | StreamedAnswer): void {
  if (answer.status === 204 || 'pieces' in answer) return;
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
