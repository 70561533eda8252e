import { addressBookRoutes } from './routes/address-book.ts';
import { auditRetentionRoutes } from './routes/audit-retention.ts';
import { auditBrokerStreamRoutes } from './routes/audit-broker-stream.ts';
import { auditRoutes } from './routes/audit.ts';
import { auditExportRoutes } from './routes/audit-exports.ts';
import { auditReportRoutes } from './routes/audit-reports.ts';
import { changeRoutes } from './routes/changes.ts';
import { chainWatcherRoutes } from './routes/chain-watcher.ts';
import { identityRoutes } from './routes/identity.ts';
import { ownAccountRoutes } from './routes/own-account.ts';
import { ownProofRoutes } from './routes/own-proofs.ts';
import { priceRoutes } from './routes/prices.ts';
import { policyRoutes } from './routes/policies.ts';
import { reconciliationRoutes } from './routes/reconciliation.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { transactionRoutes } from './routes/transactions.ts';
import { visitorRoutes } from './routes/visitors.ts';
import { walletRegistryRoutes } from './routes/wallet-registry.ts';

/** Every public route, by operation id. */
export const ROUTES = {
  ...signInRoutes,
  ...identityRoutes,
  ...ownAccountRoutes,
  ...ownProofRoutes,
  ...visitorRoutes,
  ...chainWatcherRoutes,
  ...reconciliationRoutes,
  ...walletRegistryRoutes,
  ...addressBookRoutes,
  ...policyRoutes,
  ...priceRoutes,
  ...changeRoutes,
  ...transactionRoutes,
  ...auditRoutes,
  ...auditRetentionRoutes,
  ...auditExportRoutes,
  ...auditReportRoutes,
  ...auditBrokerStreamRoutes,
} as const;
