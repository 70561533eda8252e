import type { Actor, Envelope, PolicyVersion } from '@ironforge/contracts';
import type { ApiRequest, Origin } from '../http/route.ts';
import type { Caller } from '../internal/caller.ts';

/** Who made something happen, by which request, and by what he was allowed to. */
export interface Cause {
  readonly actor: Actor;
  /** Those that he had when he asked, an API key those of its owner; services and chains have none. */
  readonly roles?: readonly string[] | undefined;
  /** The version of the policy that decided; none where no policy did. */
  readonly policy?: PolicyVersion | null | undefined;
  readonly requestId?: string | undefined;
  readonly clientIp?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The cause of what a request changes. */
export function causeOfRequest(request: ApiRequest): Cause {
  return { ...causeOfOrigin(request, actorOf(request.caller)), roles: rolesOf(request.caller) };
}

/** The cause of what a request changes when somebody other than its caller did it. */
export function causeOfOrigin({ requestId, ip, userAgent, traceparent }: Origin, actor: Actor): Cause {
  return { actor, requestId, clientIp: ip, userAgent, traceparent };
}

/** The cause of what follows from a message: the same people and request stand behind it, `service` acts. */
export function causeOfMessage(message: Omit<Envelope, 'data'>, service: string): Cause {
  const { requestid, traceparent } = message;
  return { actor: { type: 'service', id: service }, requestId: requestid, traceparent };
}

/** The CloudEvents extensions that tell a cause. */
export function extensionsOf(cause: Cause) {
  return {
    actortype: cause.actor.type,
    actorid: cause.actor.id,
    ...(cause.roles?.length ? { actorroles: cause.roles.join(',') } : {}),
    ...(cause.policy ? { policyid: cause.policy.id, policyversion: cause.policy.version } : {}),
    ...(cause.requestId === undefined ? {} : { requestid: cause.requestId }),
    ...(cause.clientIp === undefined ? {} : { clientip: cause.clientIp }),
    ...(cause.userAgent === undefined ? {} : { useragent: cause.userAgent }),
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  };
}

/** In one order, whatever the order in which they are stored. */
function rolesOf(caller: Caller): readonly string[] {
  return caller.kind === 'service' ? [] : caller.roles.toSorted();
}

function actorOf(caller: Caller): Actor {
  if (caller.kind === 'service') return { type: 'service', id: caller.service };
  return caller.apiKeyId === null
    ? { type: 'user', id: caller.userId }
    : { type: 'api_key', id: caller.apiKeyId };
}
