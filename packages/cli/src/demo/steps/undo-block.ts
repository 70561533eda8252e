import { present } from '@ironforge/kernel';
import { ROUTES } from '@ironforge/contracts';
import type { People, Request } from '../cast.ts';
import { requestWhen } from '../request-when.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** The chain changes its mind about a confirmed payment. */
export const undoBlock: Step<{ people: People; confirmed: Request }, null> = {
  name: 'reorg_undone',
  title: 'The chain takes the block back, and IronForge takes “confirmed” back, until another block has it',
  why: 'Confirmed is not final. When blocks are undone, so is everything that rested on them; the same signed bytes are sent again, and can pay only once.',
  act: async (stage, { people, confirmed }) => {
    const height = present(confirmed.blockHeight, 'the height of a confirmed request');
    await stage.node.undoFrom(height);
    const scene = { people, request: confirmed };
    const isElsewhere = ({ status, blockHash }: Request) =>
      status === 'confirmed' && blockHash !== confirmed.blockHash;
    const again = await requestWhen(scene, 'it is confirmed in another block', isElsewhere);
    const events = await laterEvents(people, confirmed);
    claim('it was taken back before it was confirmed again', isTakenBackFirst(events));
    claim('it is the same transaction', again.txHash === confirmed.txHash);
    return { facts: { undone: confirmed.blockHash ?? '', now: again.blockHash ?? '', events }, value: null };
  },
};

async function laterEvents({ operator }: People, { id, version }: Request): Promise<string[]> {
  const query = { limit: 200 };
  const { data } = await operator.api.call(ROUTES.listTransactionEvents, { params: { id }, query });
  return data.filter((event) => event.version > version).map(({ type }) => type.replace('tx_request.', ''));
}

function isTakenBackFirst(events: readonly string[]): boolean {
  return events.includes('reorged') && events.indexOf('reorged') < events.lastIndexOf('confirmed');
}
