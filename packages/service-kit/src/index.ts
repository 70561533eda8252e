export type { Environment } from './config/read-config.ts';
export { jsonText } from './config/json-text.ts';
export { readConfig } from './config/read-config.ts';
export { SERVICE_ENV } from './config/service-env.ts';
export type { Command, ConsumeEffectsOptions, EffectHandler } from './consume/consume-effects.ts';
export { consumeEffects } from './consume/consume-effects.ts';
export type { BatchHandler, ConsumeEventBatchesOptions } from './consume/consume-event-batches.ts';
export { consumeEventBatches } from './consume/consume-event-batches.ts';
export type {
  ConsumeEventEffectsOptions,
  EventEffectHandler,
  EventEffectHandlers,
} from './consume/consume-event-effects.ts';
export { consumeEventEffects } from './consume/consume-event-effects.ts';
export type { ConsumeEventsOptions, StateHandler, StateHandlers } from './consume/consume-events.ts';
export { consumeEvents } from './consume/consume-events.ts';
export { leaveUnread } from './consume/leave-unread.ts';
export type { DomainEvent } from './consume/parse-event.ts';
export { parseEvent } from './consume/parse-event.ts';
export type { RecordEffect } from './consume/record-effect.ts';
export type { Cause } from './events/cause.ts';
export { causeOfMessage, causeOfOrigin, causeOfRequest } from './events/cause.ts';
export type { EventMaker, EventMessage } from './events/create-event-maker.ts';
export { createEventMaker } from './events/create-event-maker.ts';
export type { Effect, OnceOptions } from './http/answer-once.ts';
export { answerBefore, answerOnce, askThenAnswerOnce } from './http/answer-once.ts';
export type { PageOptions, RowPlace } from './http/answer-page.ts';
export { answerPage, cursorOfRow, readCursor } from './http/answer-page.ts';
export type { Authorize } from './http/authorize.ts';
export { createAuthorize } from './http/authorize.ts';
export type { BoundRoute } from './http/bind.ts';
export { bind, bindForServices } from './http/bind.ts';
export { canonicalIp } from './http/canonical-ip.ts';
export { countedAddress } from './http/counted-address.ts';
export type { ServiceAppOptions } from './http/create-service-app.ts';
export { answerProblems, createBareApp, createServiceApp } from './http/create-service-app.ts';
export type { ReadinessChecks } from './http/health.ts';
export type { Listening } from './http/listen.ts';
export { listen } from './http/listen.ts';
export type { Mounted } from './http/mount-routes.ts';
export { mountRoutes, refusePath } from './http/mount-routes.ts';
export { observeRequests } from './http/observe-requests.ts';
export { CLIENT_IP_HEADER, originOf, REQUEST_ID_HEADER } from './http/origin.ts';
export type { Places } from './http/places.ts';
export { createPlaces } from './http/places.ts';
export { sendProblem } from './http/problem.ts';
export { brokerCheck, databaseCheck } from './http/part-checks.ts';
export { MAX_BODY_BYTES } from './http/read-json.ts';
export type { ServeOptions } from './http/serve-routes.ts';
export { serveRoutes } from './http/serve-routes.ts';
export type {
  Answer,
  ApiRequest,
  Handler,
  IdempotencyClaim,
  Origin,
  StreamedAnswer,
} from './http/route.ts';
export type { Caller, ServiceCaller, UserCaller } from './internal/caller.ts';
export type { AskChangeDeps } from './internal/ask-change.ts';
export { answerProposed, askChange, mustWait } from './internal/ask-change.ts';
export type { CallInternal, InternalClientOptions } from './internal/create-internal-client.ts';
export { createInternalClient } from './internal/create-internal-client.ts';
export type { IssueInternalToken } from './internal/internal-token.ts';
export { createTokenIssuer, createTokenVerifier } from './internal/internal-token.ts';
export { createKept } from './internal/kept.ts';
export { countDatabase } from './observe/count-database.ts';
export { reuseTokens } from './internal/reuse-tokens.ts';
export type { SigningKey } from './internal/keys.ts';
export { internalJwks, signingKey } from './internal/keys.ts';
export type { LoggerOptions } from './observe/create-logger.ts';
export { createLogger } from './observe/create-logger.ts';
export { logLevelOf } from './observe/log-level.ts';
export type { Metrics } from './observe/metrics.ts';
export { createMetrics } from './observe/metrics.ts';
export { runService } from './process/run-service.ts';
