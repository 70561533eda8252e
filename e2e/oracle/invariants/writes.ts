import { z } from 'zod';
import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

const Made = z.object({ id: z.string() });
/** An answer with headers is stored beside them. */
const Stored = z.union([z.object({ $body: Made }).transform(({ $body }) => $body), Made]);

/** I3: every answer that was given is still true and stands for one effect; every change has its event, once, in order. */
export function writes(facts: Facts): Violation[] {
  return [...keptWord(facts), ...keptAnswers(facts), ...wholeHistories(facts), ...toldOnce(facts)];
}

/** What a caller was told, by his own account. */
function keptWord({ acknowledged, requests }: Facts): Violation[] {
  const known = new Set(requests.map(({ id }) => id));
  return acknowledged
    .filter((id) => !known.has(id))
    .map((id) => broken(id, 'was acknowledged, and is not there'));
}

/** The stored answer of each key names a request that is there, and no two keys made the same one. */
function keptAnswers({ answers, requests }: Facts): Violation[] {
  const known = new Set(requests.map(({ id }) => id));
  const made = answers.filter(({ route }) => route === 'POST /v1/transactions');
  const seen = new Map<string, string>();
  return made.flatMap(({ key, response }) => {
    if (response === null) return [broken(key, 'a key is taken, and no answer is stored')];
    const { id } = Stored.parse(JSON.parse(response));
    const other = seen.get(id);
    seen.set(id, key);
    if (other !== undefined) return [broken(id, `is the answer to two keys, ${other} and ${key}`)];
    return known.has(id) ? [] : [broken(id, `was answered to ${key}, and is not there`)];
  });
}

/** The versions of a request are 1, 2, 3 … up to its own. */
function wholeHistories({ requests, transitions }: Facts): Violation[] {
  const byRequest = Map.groupBy(transitions, ({ tx_request_id }) => tx_request_id);
  return requests.flatMap(({ id, version }) => {
    const versions = (byRequest.get(id) ?? []).map((event) => event.version);
    const whole = Array.from({ length: version }, (_, index) => index + 1);
    if (versions.join() === whole.join()) return [];
    return [broken(id, `is at version ${version}, and its history has ${versions.join(', ')}`)];
  });
}

/** Each version of a request was told by one message: a change without its event is a write that audit lost. */
function toldOnce({ requests, messages }: Facts): Violation[] {
  const told = messages.filter(({ routing_key }) => routing_key.startsWith('tx_request.'));
  const bySubject = Map.groupBy(told, ({ event }) => event.subject);
  return requests.flatMap(({ id, version }) => {
    const counts = Map.groupBy(bySubject.get(id) ?? [], ({ event }) => event.aggregateversion);
    const wrong = Array.from({ length: version }, (_, index) => index + 1).filter(
      (each) => counts.get(each)?.length !== 1,
    );
    return wrong.map((each) => broken(id, `version ${each} was told ${counts.get(each)?.length ?? 0} times`));
  });
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I3', id, what };
}
