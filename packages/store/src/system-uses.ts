/** Every place that works across tenants, and why it must. Nothing else passes the wall. */
export const SYSTEM_USES = {
  outbox_relay: 'marks and sweeps the outbox rows of all tenants of one service',
  sign_in: 'finds an account or a refresh token before the tenant is known, and counts failed sign-ins',
  api_key: 'finds an API key before the tenant is known',
  tenant_administration: 'the super administrator creates and lists tenants',
  bootstrap: 'creates the first tenant and its users',
  personal_data: 'finds the data keys of people of all tenants, and moves what is not under one yet',
  chain_watcher: 'follows a chain for all tenants at once',
  request_sweeper: 'finds requests of all tenants whose time-out passed or that nobody heard of',
  wallet_sweeper: 'asks again for wallets of all tenants that the watcher did not answer for',
  audit_sequencer: 'numbers the entries of each tenant',
  audit_terms: 'fills in the search terms of entries that have none, of all tenants',
  audit_search: 'finds the numbers of entries by their words: row-level security keeps that index from use',
  audit_copier: 'finds what of all tenants is not in immudb yet, and keeps the proved state of that',
  audit_followers: 'finds how long the logs are that somebody follows',
  audit_witnesses: 'finds what the witnesses have not cosigned, of all tenants',
  audit_keeper: 'finds the tenants that have a retention',
  audit_exporter: 'finds the exports of all tenants that are to be made, and those whose time is over',
  health: 'asks whether the database answers',
} as const;

/** The name of one allowed use of the system scope. */
export type SystemUse = keyof typeof SYSTEM_USES;
