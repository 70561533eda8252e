import type { DestinationKind, RejectionEffect, StepUp } from '@ironforge/contracts';
import type { ApiKeyId, AssetId, ChainId, UserId, WalletId } from '@ironforge/kernel';
import type { SpendingWindow } from '../spending/window.ts';
import type { AssetPrice, FiatRange } from './fiat.ts';
import type { TimeOfDay } from './time-of-day.ts';

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
  /** Of which the wallet has at least one. */
  readonly walletTags?: readonly string[] | undefined;
  readonly assetIds?: readonly AssetId[] | undefined;
  readonly amount?: { readonly min?: bigint | undefined; readonly max?: bigint | undefined } | undefined;
  /** Of what the amount is worth; needs a fresh price, and denies without one. */
  readonly fiatAmount?: FiatRange | undefined;
  readonly destinations?: readonly string[] | undefined;
  /** Of which the recipient is at least one. */
  readonly destinationKinds?: readonly DestinationKind[] | undefined;
  /** Selectors of contract methods: `0x` and 8 lower-case hex digits. */
  readonly methods?: readonly string[] | undefined;
  readonly timeOfDay?: TimeOfDay | undefined;
  readonly initiators?: Initiators | undefined;
  /** Holds while the amount fits into what is left; whoever submits reserves it. */
  readonly window?: SpendingWindow | undefined;
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
      /** Whether one rejection ends the request; `counts`: only once those who are left cannot be enough. */
      readonly rejection: RejectionEffect;
      /** What each approval has to be proved by, beside a session. */
      readonly stepUp?: StepUp | undefined;
    };

export type Rule = { readonly name: string; readonly when: Conditions; readonly effect: Effect };

/** A request as rules see it. */
export type PolicyFacts = {
  readonly chainId: ChainId;
  readonly walletId: WalletId;
  readonly walletTags: readonly string[];
  readonly assetId: AssetId;
  readonly amount: bigint;
  /** Of the asset. */
  readonly decimals: number;
  /** What the asset costs, by currency; the first that is fresh enough for a rule counts there. */
  readonly prices: ReadonlyMap<string, readonly AssetPrice[]>;
  readonly to: string;
  /** What the tenant knows of the recipient. */
  readonly destinationKinds: readonly DestinationKind[];
  /** True when it calls a contract: then only rules that name its method, or deny, can match. */
  readonly hasData: boolean;
  /** Selector of the method that it calls; null when it calls none by name. */
  readonly method: string | null;
  /** When it was submitted, in ms since 1970. */
  readonly submittedAtMs: number;
  readonly initiator: {
    readonly userId: UserId;
    readonly roles: readonly string[];
    readonly apiKeyId: ApiKeyId | null;
  };
  /** What the windows of rules have given away, by the rule's name: of those that are in play. */
  readonly spent: ReadonlyMap<string, bigint>;
};
