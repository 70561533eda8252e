import { ROUTES } from '@ironforge/contracts';
import type { People, Person, Request } from '../cast.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

interface Given {
  readonly people: People;
  readonly request: Request;
}

/** One of three says yes; the signer gets nothing yet. */
export const approveOnce: Step<Given, null> = {
  name: 'first_approval_not_enough',
  title: 'One approver says yes, which is not enough',
  why: 'Until the quorum is there, nobody gets anything to sign, not even the holder of the key.',
  act: async (_stage, { people, request }) => {
    const [ana] = people.approvers;
    const after = await approve(ana, request);
    claim('the request still waits', after.status === 'pending_approval' && after.required[0]?.given === 1);
    const params = { id: request.id };
    const early = await people.signer.api.ask(ROUTES.createSigningPayload, { params, body: {} });
    claim('the signer is refused', 'problem' in early && early.problem.code === 'illegal_transition');
    return {
      facts: { approvals: '1 of 2', status: after.status, signer: 'refused: illegal_transition' },
      value: null,
    };
  },
};

/** Four eyes: who asks does not approve. */
export const refuseInitiator: Step<Given, null> = {
  name: 'initiator_refused',
  title: 'The operator tries to approve the payment himself, and is refused',
  why: 'Who asks for money never approves it, under whatever role or API key.',
  act: async (_stage, { people, request }) => {
    const answer = await people.operator.api.ask(ROUTES.decideTransaction, decision(request));
    claim('the API refuses', 'problem' in answer && answer.problem.code === 'initiator_cannot_approve');
    const { required } = await people.operator.api.call(ROUTES.getTransaction, {
      params: { id: request.id },
    });
    claim('nothing was counted', required[0]?.given === 1);
    return {
      facts: { answer: `${answer.status} initiator_cannot_approve`, approvals: '1 of 2' },
      value: null,
    };
  },
};

/** The second yes makes the quorum. */
export const approveAgain: Step<Given, null> = {
  name: 'second_approval',
  title: 'A second approver says yes: the quorum is reached',
  why: 'Two different people approved exactly this intent hash. Any other amount or recipient would be another hash, and worth nothing.',
  act: async (_stage, { people, request }) => {
    const [ana, ben] = people.approvers;
    const after = await approve(ben, request);
    claim('the request is approved', after.status === 'approved' && after.required[0]?.given === 2);
    const approvers = after.approvals.map(({ userId }) => userId);
    claim('by exactly these two', approvers.join() === [ana.id, ben.id].join());
    return {
      facts: { approvals: '2 of 2', approvedBy: [ana.name, ben.name], status: after.status },
      value: null,
    };
  },
};

function approve(person: Person, request: Request): Promise<Request> {
  return person.api.call(ROUTES.decideTransaction, decision(request));
}

function decision({ id, intentHash }: Request) {
  return { params: { id }, body: { decision: 'approve' as const, intentHash } };
}
