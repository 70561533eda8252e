import type { AnswerBook } from './node-answers.fixture.ts';

/** What hosted endpoints say by themselves, and what other chains' nodes say in words of their own. */
export const PROVIDER_ANSWERS: readonly AnswerBook[] = [
  {
    of: 'Infura',
    source: 'gakonst/ethers-rs #1711, INFURA/infura #201, status-im/status-go #4807, xclud/web3dart #15',
    answers: [
      ['daily request count exceeded, request rate limited', 'rate_limited'],
      ['project ID request rate exceeded', 'rate_limited'],
      ['exceeded project rate limit', 'rate_limited'],
      ['rejected due to project ID settings', 'unreachable'],
    ],
  },
  {
    of: 'Alchemy',
    source: 'ethereum-optimism/optimism #6019, Synthetixio/kwenta #40, a16z/zkdocs #9',
    answers: [
      ['Unsupported method: eth_getBlockReceipts on OPT_MAINNET', 'unsupported'],
      [
        'Your app has exceeded its compute units per second capacity. If you have retries enabled, you can safely ignore this message.',
        'rate_limited',
      ],
      [
        'Monthly capacity limit exceeded. Visit https://dashboard.alchemyapi.io/settings/billing to upgrade your scaling policy for continued service.',
        'rate_limited',
      ],
    ],
  },
  {
    of: 'QuickNode',
    source: 'latticexyz/mud #1522, foundry-rs/foundry #4894, code -32007 with HTTP 200 (wevm/viem #5084)',
    answers: [
      ['credits limited to 6000/sec', 'rate_limited'],
      [
        '100/second request limit reached - reduce calls per second or upgrade your account at quicknode.com',
        'rate_limited',
      ],
    ],
  },
  {
    of: 'Ankr',
    source: 'BitteProtocol/near-ca #173, wevm/viem #3476',
    answers: [
      ['Unauthorized: You must authenticate your request with an API key.', 'unreachable'],
      [
        'message: API key is not allowed to access blockchain, json-rpc code: -32052, rest code: 403',
        'unreachable',
      ],
    ],
  },
  {
    of: 'Tenderly, Base, Unifra, Godwoken, Polygon CDK',
    source:
      'fluencelabs/dev-rewards #20, base/node #368, jk-labs-inc/confetti #1654, godwokenrises/godwoken-web3 #452, 0xPolygon/kurtosis-cdk #166',
    answers: [
      ['rate limit exceeded', 'rate_limited'],
      ['over rate limit', 'rate_limited'],
      ['Your app has reached maximum qps limit', 'rate_limited'],
      ['Too Many Requests, IP: ::ffff:127.0.0.1, please wait 23s and retry.', 'rate_limited'],
      ['You have reached maximum request limit', 'rate_limited'],
    ],
  },
  {
    of: 'BSC',
    source: 'bnb-chain/bsc #2387 and #2778',
    answers: [
      ['transaction underpriced: tip needed 3000000000, tip permitted 1000000000', 'underpriced'],
      ['transaction underpriced: gas tip cap 1000000000, minimum needed 3000000000', 'underpriced'],
    ],
  },
  {
    of: 'Arbitrum',
    source:
      'smartcontractkit/chainlink core/chains/evm/client/errors_test.go, OffchainLabs/arbitrum-docs #3291',
    answers: [
      ['transaction rejected: nonce too low', 'nonce_too_low'],
      ['invalid transaction nonce', 'nonce_too_low'],
      ['nonce too high', 'nonce_too_high'],
      ['gas price too low', 'underpriced'],
      ['transaction rejected: insufficient funds for gas * price + value', 'insufficient_funds'],
      ['not enough funds for gas', 'insufficient_funds'],
      ['tx dropped due to L2 congestion', 'pool_full'],
      ['execution reverted: error code', 'reverted'],
      ['forbidden sender address', 'refused'],
      ['invalid message format', 'refused'],
      [
        'max fee per gas less than block base fee: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, maxFeePerGas: 100000000 baseFee: 109440000',
        'underpriced',
      ],
    ],
  },
  {
    of: 'Optimism',
    source: 'smartcontractkit/chainlink core/chains/evm/client/errors_test.go',
    answers: [
      ['invalid transaction: nonce too low', 'nonce_too_low'],
      ['invalid transaction: insufficient funds for gas * price + value', 'insufficient_funds'],
      ['fee too high: 5835750750000000, use less than 467550750000000 * 0.700000', 'fee_cap'],
      [
        'fee too low: 30365610000000, use at least tx.gasLimit = 5874374 and tx.gasPrice = 15000000',
        'underpriced',
      ],
    ],
  },
  {
    of: 'Avalanche, Fantom, Harmony, Moonriver',
    source: 'smartcontractkit/chainlink core/chains/evm/client/errors_test.go',
    answers: [
      [
        'nonce too low: address 0x0499BEA33347cb62D79A9C0b1EDA01d8d329894c current nonce (5833) > tx nonce (5511)',
        'nonce_too_low',
      ],
      ['tx fee (1.10 FTM) exceeds the configured cap (1.00 FTM)', 'fee_cap'],
      ['transaction already finalized', 'already_known'],
      ['invalid shard', 'refused'],
      ['submit transaction to pool failed: Pool(Stale)', 'nonce_too_low'],
      ['submit transaction to pool failed: Pool(AlreadyImported)', 'already_known'],
    ],
  },
  {
    of: 'Parity and its heirs',
    source: 'smartcontractkit/chainlink core/chains/evm/client/errors_test.go',
    answers: [
      ['Transaction with the same hash was already imported.', 'already_known'],
      ['Transaction nonce is too low. Try incrementing the nonce.', 'nonce_too_low'],
      [
        'Transaction gas price 100wei is too low. There is another transaction with same nonce in the queue with gas price 150wei.',
        'nonce_taken',
      ],
      [
        "Transaction gas price is too low. It does not satisfy your node's minimal gas price (minimal: 100 got: 50).",
        'underpriced',
      ],
      [
        'There are too many transactions in the queue. Your transaction was dropped due to limit.',
        'pool_full',
      ],
      ['Insufficient balance for transaction. Balance=100.25, Cost=200.50', 'insufficient_funds'],
      ['Supplied gas is beyond limit.', 'gas_limit'],
      [
        'Transaction gas is too low. There is not enough gas to cover minimal cost of the transaction (minimal: 100 got: 50)',
        'gas_limit',
      ],
      ['Transaction cost exceeds current gas limit. Limit: 50, got: 100.', 'gas_limit'],
      ['Transaction is too big, see chain specification for the limit.', 'invalid_bytes'],
      ['Invalid RLP data: bad list', 'invalid_bytes'],
      ['Sender is banned in local queue.', 'refused'],
    ],
  },
  {
    of: 'Flow, whose gateway says it of the same bytes sent again',
    source: 'onflow/flow-evm-gateway #983',
    answers: [
      ['a tx with the same nonce already submitted', 'already_known'],
      ['transaction with the same nonce already submitted', 'already_known'],
    ],
  },
];
