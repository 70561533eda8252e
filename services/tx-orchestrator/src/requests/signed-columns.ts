import type { EvmSigned } from '@ironforge/chain-evm';
import type { OrchestratorDeps } from '../deps.ts';
import type { SignedColumns } from '../queries/tx-attempts.ts';

/** What is stored of signed bytes. */
export function signedColumns({ clock }: Pick<OrchestratorDeps, 'clock'>, signed: EvmSigned): SignedColumns {
  const { bytes: raw, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = signed;
  const fees = { max_fee_per_gas: maxFeePerGas, max_priority_fee_per_gas: maxPriorityFeePerGas };
  return { raw, gas_limit: gasLimit, ...fees, updated_at: clock() };
}
