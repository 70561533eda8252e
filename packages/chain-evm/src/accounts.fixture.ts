import { Wallet } from 'ethers';

/** The first two accounts that anvil gives money to; published, worth nothing anywhere else. */
export const rich = new Wallet('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'); // published
export const other = new Wallet('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'); // published

/** The contract that `rich` creates with nonce 0. */
export const tokenAddress = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

/**
 * Creation code of a token with `balanceOf`, `transfer` and the `Transfer` event; its creator gets 10^24 units.
 * Assembled by hand (118 bytes at run time); a balance is stored under the owner's address.
 */
export const TOKEN_CODE =
  '0x6f000000000000d3c21bcecceda100000033556076601d5f3960765ff35f3560e01c806370a0823114601c578063a9059cbb146027' +
  '575f5ffd5b600435545f5260205ff35b33546024358082106072578091033355600435805482018155905f52337fddf252ad1be2c89b' +
  '69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef60205fa360015f5260205ff35b5f5ffd';
