import { appError, type ChangeReceipt, INTERNAL_ROUTES } from '@ironforge/contracts';
import { bindForServices, type SigningKey } from '@ironforge/service-kit';
import { startNeighbour } from './neighbour.fixture.ts';

/** What the orchestrator says when it is asked whether others must approve, and what it was asked about. */
export interface Rules {
  isDown: boolean;
  /** What is proposed is kept, and its answer never comes. */
  isMute: boolean;
  mustWait: boolean;
  readonly asked: { readonly changeId: string; readonly subject: object }[];
}

/** The orchestrator as the registry sees it. */
export async function startRules(key: SigningKey) {
  const said: Rules = { isDown: false, isMute: false, mustWait: false, asked: [] };
  const receipts = new Map<string, ChangeReceipt>();
  const route = bindForServices(INTERNAL_ROUTES.proposeChange, async ({ body }) => {
    if (said.isDown) return appError('dependency_down');
    said.asked.push(body);
    if (!said.mustWait) return { status: 200, body: { change: null } };
    const { changeId, subject } = body;
    const subjectId = 'walletId' in subject ? subject.walletId : subject.userId;
    const receipt = { changeId, changeHash: `0x${'ab'.repeat(32)}`, subjectId };
    if (!receipts.has(changeId)) receipts.set(changeId, receipt);
    if (said.isMute) return appError('dependency_down');
    return { status: 200, body: { change: receipts.get(changeId) } };
  });
  return { ...(await startNeighbour('tx-orchestrator', key, route)), said };
}
