import { expect, test } from 'vitest';
import type { Route } from '../route.ts';
import { ROUTES } from '../routes.ts';

/**
 * Every public route that writes, and whether it leads to what rules decide: a policy, what its rules read of wallets and
 * users, or the credentials of those who approve. A route that is not placed here fails; one that leads there asks the
 * orchestrator first and may answer with a change.
 */
const ROADS: { readonly [Name in keyof typeof ROUTES]?: 'asks' | `no: ${string}` } = {
  login: 'no: proves who one is, gives no right',
  refresh: 'no: proves who one is, gives no right',
  logout: 'no: takes away',
  enrolTotp: 'no: for oneself alone; the first needs the password, another one a code of the present one',
  changePassword: 'no: for oneself alone, by the present password',
  endSession: 'no: takes away',
  confirmTotp: 'no: for oneself alone',
  renewRecoveryCodes: 'no: for oneself alone, by a code of the authenticator',
  offerApprovalAddress: 'no: counts for nothing before it is confirmed',
  confirmApprovalAddress: 'asks',
  createTenant: 'no: another tenant, which has no policy yet',
  updateTenant:
    'no: of the installation; a suspension needs nobody, and a return gives nobody more than he had',
  createUser: 'asks',
  updateUser: 'asks',
  eraseUser: 'no: takes away, of somebody who has no say any more',
  eraseVisitors: 'no: takes away, of people without an account',
  resetTotp: 'asks',
  createApiKey:
    'no: for oneself alone, with no more than one may do oneself; who votes is the user behind it',
  deleteApiKey: 'no: takes away',
  createWallet: 'asks',
  updateWallet: 'asks',
  archiveWallet: 'no: takes away; its address cannot be registered again',
  createBackfill: 'no: reads the chain again',
  resumeChain: 'no: of the installation; what a chain shows is no rule',
  createAsset:
    'no: rules name assets by their id, which says what they are; decimals are asked of the token, and a price counts for those alone that its source names',
  createAddressEntry: 'no: permits nothing before a second person verified it',
  verifyAddressEntry: 'no: this is the second person',
  removeAddressEntry: 'no: takes away, or needs a second person',
  createPolicy: 'asks',
  updatePolicy: 'asks',
  pushPrices: 'no: who may do so gets that right by the quorum where a rule reads prices',
  simulatePolicy: 'no: changes nothing',
  decideChange: 'no: this is the quorum',
  cancelChange: 'no: takes back what is not done yet',
  createTransaction: 'no: is decided by the rules',
  submitTransaction: 'no: is decided by the rules',
  cancelTransaction: 'no: takes back',
  speedUpTransaction: 'no: is decided by the rules above the approved ceiling',
  cancelOnChain: 'no: moves nothing',
  decideTransaction: 'no: this is the quorum',
  createSigningPayload: 'no: is checked against the rules again',
  submitSignature: 'no: is checked against the rules again',
  setAuditRetention: 'no: decides how long is told what the rules decided, not what they decide',
  placeLegalHold: 'no: keeps more',
  releaseLegalHold: 'no: as the retention, which it gives way to',
  createAuditExport: 'no: reads the log',
  createAuditReport: 'no: reads the log and the chain',
  putAuditBrokerStream: 'no: reads the log, by another way',
  deleteAuditBrokerStream: 'no: reads the log, by another way',
  rotateAuditBrokerCredentials: 'no: reads the log, by another way',
};

const written = Object.entries<Route>(ROUTES).filter(([, { method }]) => method !== 'GET');

test('every route that writes is placed, and no other', () => {
  expect(Object.keys(ROADS).toSorted()).toEqual(written.map(([name]) => name).toSorted());
});

test.each(written)('%s asks for a change exactly when it leads to what rules decide', (name, { change }) => {
  const road = Object.entries(ROADS).find(([key]) => key === name)?.[1];
  expect(change).toBe(road === 'asks' ? 'possible' : 'none');
});
