import { z } from 'zod';

// Every answer of the server's is read through one of these: hashes have 32 bytes, numbers are in range, nothing is missing.

const hash = z.instanceof(Buffer).refine(({ length }) => length === 32, 'is no hash of 32 bytes');
const hashes = z.array(hash);
const uint64 = z
  .string()
  .regex(/^\d{1,20}$/, 'is no number')
  .transform(BigInt);
const seconds = z
  .string()
  .regex(/^\d{1,19}$/, 'is no time')
  .transform(BigInt);
const signature = z.object({ signature: z.instanceof(Buffer) });

const txHeader = z.object({
  id: uint64,
  prevAlh: hash,
  ts: seconds,
  version: z.literal([0, 1]),
  metadata: z
    .object({ truncatedTxID: uint64, extra: z.instanceof(Buffer).refine(({ length }) => length <= 256) })
    .nullable(),
  nentries: z.int().min(1),
  eH: hash,
  blTxId: uint64,
  blRoot: hash,
});

const inclusionProof = z.object({ leaf: z.int().min(0), width: z.int().min(0), terms: hashes });

const dualProof = z.object({
  sourceTxHeader: txHeader,
  targetTxHeader: txHeader,
  inclusionProof: hashes,
  consistencyProof: hashes,
  targetBlTxAlh: hash,
  lastInclusionProof: hashes,
  linearProof: z.object({ sourceTxId: uint64, TargetTxId: uint64, terms: hashes }),
  LinearAdvanceProof: z
    .object({ linearProofTerms: hashes, inclusionProofs: z.array(inclusionProof) })
    .nullable(),
});

const metadata = z
  .object({
    deleted: z.boolean(),
    expiration: z.object({ expiresAt: seconds }).nullable(),
    nonIndexable: z.boolean(),
  })
  .nullable();

const verifiableTx = z.object({ dualProof, signature });

const stored = z.object({ key: z.instanceof(Buffer), value: z.instanceof(Buffer), metadata });

const wholeTx = verifiableTx.extend({ tx: z.object({ entries: z.array(stored) }) });

const entry = z.object({
  tx: uint64,
  value: z.instanceof(Buffer),
  metadata,
});

const plainEntries = z.object({ entries: z.array(z.object({ tx: uint64, key: z.instanceof(Buffer) })) });

/** A call by its name in the protocol, and the shape of its answer. */
export interface Call<T> {
  readonly name: string;
  readonly answer: z.ZodType<T>;
}

/** The calls that this package makes. */
export const CALLS = {
  openSession: call('OpenSession', z.object({ sessionID: z.string().min(1), serverUUID: z.string().min(1) })),
  closeSession: call('CloseSession', z.object({})),
  serverInfo: call('ServerInfo', z.object({ version: z.string() })),
  createDatabase: call('CreateDatabaseV2', z.object({ alreadyExisted: z.boolean() })),
  currentState: call('CurrentState', z.object({ db: z.string(), txId: uint64, txHash: hash, signature })),
  verifiableSet: call('VerifiableSet', verifiableTx),
  verifiableGet: call('VerifiableGet', z.object({ entry, verifiableTx, inclusionProof })),
  verifiableTxById: call('VerifiableTxById', verifiableTx),
  wholeTxById: call('VerifiableTxById', wholeTx),
  getAll: call('GetAll', plainEntries),
  history: call('History', plainEntries),
};

type AnswerTo<C> = C extends Call<infer T> ? T : never;
export type VerifiableTx = AnswerTo<typeof CALLS.verifiableTxById>;
export type WholeTx = AnswerTo<typeof CALLS.wholeTxById>;
export type VerifiableEntry = AnswerTo<typeof CALLS.verifiableGet>;

function call<T>(name: string, answer: z.ZodType<T>): Call<T> {
  return { name, answer };
}
