import { whyStopped } from '../commands/status-lines.ts';
import type { ChainStatus } from '../stack/chain-status.ts';
import { type Finding, ill, well } from './finding.ts';

/** How a chain is followed; one that is behind is only told, since that passes. */
export function followed({ chainId, status, stopReason, head }: ChainStatus): Finding {
  const at = head === null ? 'nothing read yet' : `at block ${head.height}`;
  if (stopReason === null) return well(`chain ${chainId}`, `${status}, ${at}`);
  const [why = '', fix = ''] = whyStopped(stopReason).split(': ');
  return ill(`chain ${chainId}`, `stopped, ${at}: ${why}`, fix);
}
