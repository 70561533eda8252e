import { z } from 'zod';
import { type AddressScreening, type Hit, spelled, unavailable } from './screening.ts';

/** Where a screening service is, and how it is spoken to. */
export interface ProviderOptions {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | undefined;
  readonly timeoutMs: number;
}

const answer = z.object({ results: z.array(z.object({ address: z.string(), denied: z.boolean() })) });

/**
 * A screening service over HTTP: `POST { chainId, addresses }` is answered by `{ results: [{ address, denied }] }`. An answer
 * that leaves one of the addresses out is no answer. Nothing of the tenant is told.
 */
export function createProviderScreening(options: ProviderOptions): AddressScreening {
  return async ({ chainId, addresses }) => {
    const { results } = await ask(options, { chainId, addresses });
    const verdicts = new Map(results.map(({ address, denied }) => [spelled(address), denied]));
    return addresses.flatMap((address): Hit[] => {
      const isDenied = verdicts.get(spelled(address));
      if (isDenied === undefined) throw unavailable('the screening service left an address out');
      return isDenied ? [{ address, source: 'provider' }] : [];
    });
  };
}

async function ask({ url, token, timeoutMs }: ProviderOptions, question: object) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return answer.parse(await response.json());
  } catch (cause) {
    throw unavailable('the screening service does not answer', cause);
  }
}
