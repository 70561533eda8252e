import { appError, type ChangeReceipt, INTERNAL_ROUTES } from '@ironforge/contracts';
import { branded, type TenantId } from '@ironforge/kernel';
import {
  type ApiRequest,
  type BoundRoute,
  bindForServices,
  type Cause,
  causeOfOrigin,
} from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { askPeople } from '../asks/people.ts';
import { needsQuorum } from '../changes/needs-quorum.ts';
import { findProposed, propose, tryProposal } from '../changes/propose.ts';
import { readRulesInForce } from '../changes/rules-in-force.ts';
import type { OrchestratorDeps } from '../deps.ts';
import { findPolicy } from '../queries/policies.ts';

type Request = ApiRequest<(typeof INTERNAL_ROUTES)['proposeChange']>;
type Subject = Request['body']['subject'];

/** Whether others must approve what somebody wants to change of users and wallets; then it is stored as a change. */
export function proposeChange(deps: OrchestratorDeps): BoundRoute {
  return bindForServices(INTERNAL_ROUTES.proposeChange, async (request) => {
    const { changeId, author, subject, asksOnly } = request.body;
    const tenantId = branded<TenantId>(request.body.tenantId);
    const scope = deps.store.forTenant(tenantId);
    const found = await scope.transaction((tx) => lookUp(tx, { tenantId, changeId, subject }));
    if (found !== 'needed') return { status: 200, body: { change: found } };
    const { requestId, answerBy } = request;
    const people = await askPeople(deps, { tenantId, userIds: [author.userId], requestId, answerBy });
    const cause = { ...causeOf(request), roles: people.rolesOf.get(author.userId)?.toSorted() };
    const proposal = { changeId, tenantId, author, subject, people, cause };
    const act = asksOnly === undefined ? propose : tryProposal;
    const change = await scope.transaction((tx) => act(deps, tx, proposal));
    return { status: 200, body: { change } };
  });
}

interface Wish {
  readonly tenantId: TenantId;
  readonly changeId: string;
  readonly subject: Subject;
}

/** The change that was stored before, whatever the rules have become; else whether one is needed, and null when it is not. */
async function lookUp(tx: Tx, wish: Wish): Promise<ChangeReceipt | 'needed' | null> {
  const { tenantId, subject } = wish;
  const known = await findProposed(tx, wish);
  if (known !== null) return known;
  await refuseUnknownPolicy(tx, tenantId, subject);
  return needsQuorum(await readRulesInForce(tx, tenantId), subject) ? 'needed' : null;
}

/** A wallet under a policy that is not there could pay nothing, and nobody would know why. */
async function refuseUnknownPolicy(tx: Tx, tenantId: TenantId, subject: Subject): Promise<void> {
  const policyId = policyIdOf(subject);
  if (policyId === null || (await findPolicy(tx, tenantId, policyId))?.is_active === true) return;
  throw appError('validation_failed', { errors: [{ pointer: '/policyId', code: 'unknown_policy' }] });
}

function policyIdOf(subject: Subject): string | null {
  if (subject.kind === 'create_wallet') return subject.policyId;
  if (subject.kind !== 'update_wallet') return null;
  return subject.next.policyId === subject.base.policyId ? null : subject.next.policyId;
}

function causeOf(request: Request): Cause {
  const { userId, apiKeyId } = request.body.author;
  if (apiKeyId !== null) return causeOfOrigin(request, { type: 'api_key', id: apiKeyId });
  return causeOfOrigin(request, { type: 'user', id: userId });
}
