import { EVENTS } from '@ironforge/contracts';
import { z } from 'zod';

const { type, status } = EVENTS['wallet.created'].shape.wallet.shape;

/** The types of wallets; a row that holds another value is a bug. */
export const walletType = type;
/** Where a wallet stands; a row that holds another value is a bug. */
export const walletStatus = status;

/** Free data of the client, as it was taken in. */
export const walletMetadata = z.record(z.string(), z.unknown());
