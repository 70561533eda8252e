import { hash } from 'node:crypto';
import { createKept } from '@ironforge/service-kit';
import type { Authenticate, Authenticated } from './authenticate.ts';

/** Identity's answers of the last moment. */
export interface RememberedCallers {
  /** Asks only when no answer younger than two seconds is known. */
  readonly authenticate: Authenticate;
  /** What is known, and what is being asked at this moment, answers no later request. */
  readonly forget: () => void;
}

/** How long an answer counts, from the moment of asking, in milliseconds. */
const COUNTS_FOR_MS = 2_000;

/**
 * Remembers who called with which credential from which address (ADR 0027). Requests that come together share one question;
 * a refusal or a failure is not remembered.
 */
export function rememberCallers(ask: Authenticate): RememberedCallers {
  let memory = emptyMemory();
  return {
    authenticate: async (authorization, origin) => {
      const here = memory;
      const name = nameOf(authorization, origin.ip);
      const known = here.get(name);
      if (known !== undefined && performance.now() < known.until) return await known.answer;
      const asked = { answer: ask(authorization, origin), until: performance.now() + COUNTS_FOR_MS };
      here.set(name, asked);
      return await asked.answer.catch((error: unknown) => {
        if (here.get(name) === asked) here.delete(name);
        throw error;
      });
    },
    forget: () => {
      memory = emptyMemory();
    },
  };
}

interface Asked {
  readonly answer: Promise<Authenticated>;
  readonly until: number;
}

/** A question that is still open belongs to the memory it was asked in, so with that its answer is forgotten too. */
function emptyMemory() {
  return createKept<Asked>();
}

/** Neither the credential nor anything it could be made of again. */
function nameOf(authorization: string | undefined, clientIp: string): string {
  return hash('sha256', JSON.stringify([authorization, clientIp]), 'base64');
}
