import type { ApiKeyId, AssetId, ChainId, UserId, WalletId } from '@ironforge/kernel';

/** Who started a request: any of the named users, of a role, or through one of the API keys. */
export type Initiators = {
  readonly userIds?: readonly UserId[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly apiKeyIds?: readonly ApiKeyId[] | undefined;
};

/** When a rule matches: every condition that is named must hold; amounts in base units, bounds included. */
export type Conditions = {
  readonly chainIds?: readonly ChainId[] | undefined;
  readonly walletIds?: readonly WalletId[] | undefined;
  readonly assetIds?: readonly AssetId[] | undefined;
  readonly amount?: { readonly min?: bigint | undefined; readonly max?: bigint | undefined } | undefined;
  readonly destinations?: readonly string[] | undefined;
  readonly initiators?: Initiators | undefined;
};

/** People of whom `required` must approve: named, or all that have a role. */
export type Group = {
  readonly name: string;
  readonly approvers?: readonly UserId[] | undefined;
  readonly role?: string | undefined;
  readonly required: number;
};

/** What a rule does. `alternatives` are joined by OR, the groups of one by AND. */
export type Effect =
  | { readonly type: 'allow' }
  | { readonly type: 'deny' }
  | {
      readonly type: 'require_approvals';
      readonly alternatives: readonly (readonly Group[])[];
      readonly timeoutHours: number;
    };

export type Rule = { readonly name: string; readonly when: Conditions; readonly effect: Effect };

/** A request as rules see it. */
export type PolicyFacts = {
  readonly chainId: ChainId;
  readonly walletId: WalletId;
  readonly assetId: AssetId;
  readonly amount: bigint;
  readonly to: string;
  /** True when it calls a contract: then only rules that deny can match. */
  readonly hasData: boolean;
  readonly initiator: {
    readonly userId: UserId;
    readonly roles: readonly string[];
    readonly apiKeyId: ApiKeyId | null;
  };
};
