import type { IncomingMessage } from 'node:http';
import { countedAddress, originOf } from '@ironforge/service-kit';
import type { Response } from 'express';
import { createBodyRoom, ROOM } from './body-room.ts';
import type { HoldLimits } from './hold-body.ts';

/** Gives what a service answers to the client, when the head of the answer is written. */
export type PassAnswer = (answer: IncomingMessage, response: Response) => void;

/** As fast as the client takes it, for what is long or has no end: then a slow client keeps his connection to the service. */
export const passAsTaken: PassAnswer = (answer, response) => void answer.pipe(response);

const LIMITS: HoldLimits = { withinMs: 60_000, ...ROOM };

/**
 * As fast as the service gives it, so that a client who is slow to read keeps no connection to it. What he has not taken is held;
 * he is cut off when that is more than may be, or when he has not taken it in time.
 */
export function createPassHeld(limits: HoldLimits = LIMITS): PassAnswer {
  const room = createBodyRoom(limits);
  return (answer, response) => {
    const share = room.share(countedAddress(originOf(response).ip));
    response.on('drain', share.giveBack).once('close', share.giveBack);
    answer.on('data', (piece: Buffer) => {
      if (response.destroyed) return; // nothing that is held then would be given back
      if (!response.write(piece) && !share.take(piece.length)) response.destroy();
    });
    answer.once('end', () => {
      if (response.writableNeedDrain) cutAfter(limits.withinMs, response);
      response.end();
    });
  };
}

function cutAfter(ms: number, response: Response): void {
  const timer = setTimeout(() => response.destroy(), ms);
  response.once('close', () => clearTimeout(timer));
}
