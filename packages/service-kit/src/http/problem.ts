import { appError, ERRORS, isErrorCode, type Problem } from '@ironforge/contracts';
import { AppError } from '@ironforge/kernel';
import type { Response } from 'express';
import { originOf } from './origin.ts';

/**
 * What failed, told to the caller: a code of the registry as it is, everything else as `internal_error`. Where the fault
 * is on our side the log has the details: a part that is down is no business of the caller's.
 */
function problemOf(error: unknown, instance: string, requestId: string): Problem {
  const fault = publicFault(error);
  const { status, title } = isErrorCode(fault.code) ? ERRORS[fault.code] : ERRORS.internal_error;
  return {
    type: `/errors/${fault.code}`,
    title,
    status,
    detail: status >= 500 || fault.message === fault.code ? title : fault.message,
    instance,
    code: fault.code,
    requestId,
    errors: [...fault.errors],
  };
}

/**
 * Sends the problem of an error as `application/problem+json`, with `Retry-After` where a later try can help, and with the length of what a
 * range is not in (RFC 9110 §15.5.17).
 */
export function sendProblem(response: Response, error: unknown): void {
  const problem = problemOf(error, response.req.path, originOf(response).requestId);
  const fault = publicFault(error);
  const retryAfter = retryAfterSeconds(fault, problem.status);
  if (retryAfter !== null) response.setHeader('Retry-After', String(retryAfter));
  if (fault.wholeBytes !== undefined) response.setHeader('Content-Range', `bytes */${fault.wholeBytes}`);
  if (problem.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function publicFault(error: unknown): AppError {
  if (error instanceof AppError && isErrorCode(error.code)) return error;
  return appError('internal_error');
}

function retryAfterSeconds(fault: AppError, status: number): number | null {
  if (fault.retryAfterSeconds !== undefined) return Math.max(1, Math.ceil(fault.retryAfterSeconds));
  return status === 503 || fault.retry === 'later' ? 1 : null;
}
