/** One of the people a local installation starts with; `name` is the key of the account in secrets.json. */
export interface DevelopmentUser {
  readonly name: string;
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly string[];
}

/** The people of the local tenant, one for each part in the story: initiator, three approvers, signer, compliance. */
export const DEVELOPMENT_USERS: readonly DevelopmentUser[] = [
  person('super-admin', 'Sasha Installer', 'super_admin'),
  person('admin', 'Ada Admin', 'admin'),
  person('operator', 'Olga Operator', 'operator'),
  person('approver-1', 'Ana Approver', 'approver'),
  person('approver-2', 'Ben Approver', 'approver'),
  person('approver-3', 'Cem Approver', 'approver'),
  person('signer', 'Sig Signer', 'signer'),
  person('compliance', 'Cora Compliance', 'compliance'),
];

function person(name: string, displayName: string, role: string): DevelopmentUser {
  return { name, email: `${name}@ironforge.example`, displayName, roles: [role] };
}
