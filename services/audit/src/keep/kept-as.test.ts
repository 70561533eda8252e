import { AUDIT_CATEGORIES } from '@ironforge/contracts';
import { describe, expect, it } from 'vitest';
import { ENTRY_KINDS } from '../entry/entry-kinds.ts';
import { OWN_KINDS } from '../entry/own-kinds.ts';
import { keptAs, prunableTypes, typesOf } from './kept-as.ts';

const told = Object.values(ENTRY_KINDS).filter((kind) => kind !== null);
const types = [...new Set([...told.map(({ type }) => type), ...Object.keys(OWN_KINDS)])];

describe('what entries are kept by', () => {
  it('is one category for every type, and nothing else has one', () => {
    expect(AUDIT_CATEGORIES.flatMap(typesOf).toSorted()).toEqual(types.toSorted());
    expect(keptAs('a type of another release')).toBe('lasting');
  });

  it('is the same whether an event tells a type or the service itself', () => {
    const both = told.filter(({ type }) => type in OWN_KINDS);
    expect(both.map(({ type, category }) => [type, category])).toEqual([['personal_data_read', 'audit']]);
  });

  it.each([
    ['login_failed', 'access'],
    ['api_key_revoked', 'access'],
    ['user_registered', 'people'],
    ['user_erased', 'people'],
    ['visitors_erased', 'people'],
    ['policy_updated', 'rules'],
    ['change_applied', 'rules'],
    ['tx_confirmed', 'transfers'],
    ['approval_granted', 'transfers'],
    ['deposit_observed', 'transfers'],
    ['address_book_entry_added', 'address_book'],
    ['retention_changed', 'lasting'],
    ['legal_hold_placed', 'lasting'],
    ['legal_hold_released', 'lasting'],
    ['entries_pruned', 'lasting'],
    ['audit_signing_key_introduced', 'lasting'],
    ['audit_signing_key_rotated', 'lasting'],
  ])('of %s is %s', (type, kept) => {
    expect(keptAs(type)).toBe(kept);
  });

  it('prunes nothing that lasts', () => {
    const prunable = AUDIT_CATEGORIES.flatMap(prunableTypes);
    expect(prunable.filter((type) => keptAs(type) === 'lasting')).toEqual([]);
  });
});
