import { z } from 'zod';

/**
 * What entries are kept by: `access` sign-ins, keys and sessions; `people` users and tenants; `rules` policies and changes of what
 * they read; `transfers` requests, wallets, balances, deposits and chains; `address_book`; `audit` what the log itself does.
 */
export const AUDIT_CATEGORIES = ['access', 'people', 'rules', 'transfers', 'address_book', 'audit'] as const;

/** One of the groups that a retention is set for. */
export type AuditCategory = (typeof AUDIT_CATEGORIES)[number];

/** The name of such a group. */
export const auditCategory = z.enum(AUDIT_CATEGORIES);
