import type { ProxiedAnswer } from '@ironforge/testing';
import { z } from 'zod';

const Answer = z.looseObject({});

/** A node's answer with its JSON text changed. */
export function rewritten(answer: ProxiedAnswer, change: (text: string) => string): ProxiedAnswer {
  return Answer.parse(JSON.parse(change(JSON.stringify(answer))));
}
