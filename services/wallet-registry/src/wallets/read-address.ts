import { parseAddress } from '@ironforge/chain-evm';
import { appError } from '@ironforge/contracts';

/** The address in its one canonical form (EIP-55). Throws `validation_failed` with the reason at `/address`. */
export function readAddress(text: string): string {
  const parsed = parseAddress(text);
  if ('address' in parsed) return parsed.address;
  throw appError('validation_failed', {
    errors: [{ pointer: '/address', code: parsed.rejected, detail: parsed.detail }],
  });
}
