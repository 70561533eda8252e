import { appError } from '@ironforge/contracts';
import express, { type RequestHandler } from 'express';

/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/**
 * Reads a JSON body of at most 1 MiB into `request.body`; none leaves it undefined.
 * Faults: 413 `body_too_large`, 415 `unsupported_media_type`, 400 `malformed_json`.
 */
export function readJson(): RequestHandler[] {
  return [requireJson, express.json({ limit: MAX_BODY_BYTES, strict: false, type: () => true })];
}

const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
  const isJson = request.is(['application/json', 'application/*+json']) !== false;
  next(hasBody && !isJson ? appError('unsupported_media_type') : undefined);
};

/** What express or its body parser threw, in our own codes; anything else as it is. */
export function translateHttpError(error: unknown): unknown {
  if (!(error instanceof Error) || !('status' in error)) return error;
  if (error.status === 413) return appError('body_too_large', { cause: error });
  if (error.status === 415) return appError('unsupported_media_type', { cause: error });
  // The path holds a broken percent-encoding: nothing lives there.
  if (error instanceof URIError) return appError('not_found', { cause: error });
  return error.status === 400 ? appError('malformed_json', { cause: error }) : error;
}
