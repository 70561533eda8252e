import { createHash } from 'node:crypto';
import { Transaction } from 'ethers';
import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

type Request = Facts['requests'][number];
type Group = Facts['groups'][number];

/** I5, second half: what was signed is what M distinct people approved, none of whom asked for it, and costs no more. */
export function approvals(facts: Facts): Violation[] {
  const signed = new Set(
    facts.attempts.filter(({ raw, kind }) => raw !== null && kind === 'original').map(requestOf),
  );
  const groupsOf = Map.groupBy(facts.groups, requestOf);
  const given = facts.approvals.filter(({ decision }) => decision === 'approve');
  const givenOf = Map.groupBy(given, requestOf);
  return [
    ...facts.requests.flatMap(wrongHash),
    ...facts.requests
      .filter(({ id }) => signed.has(id))
      .flatMap((request) => {
        const groups = (groupsOf.get(request.id) ?? []).filter((group) => isOf(group, request));
        const people = (givenOf.get(request.id) ?? []).filter((approval) => isOf(approval, request));
        return quorumOf(
          request,
          groups,
          people.map(({ approver_id }) => approver_id),
        );
      }),
    ...facts.attempts.flatMap(tooDear),
  ];
}

function requestOf({ tx_request_id }: { readonly tx_request_id: string }): string {
  return tx_request_id;
}

function isOf({ intent_hash }: { readonly intent_hash: string }, request: Request): boolean {
  return intent_hash === request.intent_hash;
}

/** The intent is stored as its canonical text. */
function wrongHash({ id, intent, intent_hash }: Request): Violation[] {
  const hash = `0x${createHash('sha256').update(intent).digest('hex')}`;
  return hash === intent_hash
    ? []
    : [broken(id, `its intent has the hash ${hash}, approved was ${intent_hash}`)];
}

function quorumOf(request: Request, groups: readonly Group[], given: readonly string[]): Violation[] {
  if (groups.length === 0) return [];
  const askers = [request.user_id, request.submitted_by];
  const people = [...new Set(given)].filter((person) => !askers.includes(person));
  const alternatives = [...Map.groupBy(groups, ({ alternative }) => alternative).values()];
  if (alternatives.some((seats) => canFill(seatsOf(seats), people))) return [];
  return [broken(request.id, `is signed, and only ${people.length} people approved it`)];
}

function seatsOf(groups: readonly Group[]): readonly (readonly string[])[] {
  return groups.flatMap(({ required, approver_ids }) => Array.from({ length: required }, () => approver_ids));
}

/** Tries every way to seat people, each on one seat: quorums are small. */
function canFill([seat, ...others]: readonly (readonly string[])[], people: readonly string[]): boolean {
  if (seat === undefined) return true;
  return people
    .filter((person) => seat.includes(person))
    .some((person) =>
      canFill(
        others,
        people.filter((other) => other !== person),
      ),
    );
}

function tooDear({ tx_request_id: id, raw, fee_ceiling: ceiling }: Facts['attempts'][number]): Violation[] {
  if (raw === null) return [];
  const { gasLimit, maxFeePerGas, gasPrice } = Transaction.from(raw);
  const fee = gasLimit * (maxFeePerGas ?? gasPrice ?? 0n);
  return fee <= ceiling ? [] : [broken(id, `signed bytes may cost ${fee}, approved were ${ceiling}`)];
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I5', id, what };
}
