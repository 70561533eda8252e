import { ROUTES } from '@ironforge/contracts';
import type { People, Request } from './cast.ts';
import { until } from './truth.ts';

/** The request, as the operator sees it, as soon as this holds of it. */
export function requestWhen(
  { people, request }: { readonly people: People; readonly request: Request },
  what: string,
  holds: (now: Request) => boolean,
): Promise<Request> {
  return until(what, async () => {
    const now = await people.operator.api.call(ROUTES.getTransaction, { params: { id: request.id } });
    return holds(now) ? now : null;
  });
}
