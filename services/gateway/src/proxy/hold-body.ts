import { appError } from '@ironforge/contracts';
import { countedAddress, MAX_BODY_BYTES, originOf } from '@ironforge/service-kit';
import type { Request, RequestHandler } from 'express';
import { type BodyRoom, createBodyRoom, ROOM, type RoomLimits } from './body-room.ts';

/** How much is held, and how long one body or answer may take. */
export interface HoldLimits extends RoomLimits {
  readonly withinMs: number;
}

const LIMITS: HoldLimits = { withinMs: 10_000, ...ROOM };

/**
 * Reads the whole body of a request before it goes on, so that a client who is slow with it keeps no connection to a service.
 * Faults: 408 `body_too_slow`, 413 `body_too_large`, 503 `overloaded` while as much is held as may be.
 */
export function holdBody(limits: HoldLimits = LIMITS): RequestHandler {
  const room = createBodyRoom(limits);
  return async (request, response, next) => {
    if (!hasBody(request)) return next();
    delete request.headers.expect; // it was told to go on, and the service will not be asked
    const share = room.share(countedAddress(originOf(response).ip));
    response.once('close', share.giveBack);
    try {
      held.set(request, await within(limits.withinMs, read(request, share)));
    } catch (error) {
      if (response.closed) return; // the client has gone
      response.set('Connection', 'close'); // what else it sends is read by nobody
      throw error;
    }
    next();
  };
}

/** The body of a request that was held; undefined when it has none. */
export function heldBody(request: Request): Buffer | undefined {
  return held.get(request);
}

const held = new WeakMap<Request, Buffer>();

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

async function read(request: Request, share: ReturnType<BodyRoom['share']>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) throw appError('body_too_large');
    if (!share.take(piece.length)) throw appError('overloaded', { retry: 'later' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(appError('body_too_slow')), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
