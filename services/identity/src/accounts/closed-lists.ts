import { PERMISSIONS, ROLES } from '@ironforge/contracts';
import { z } from 'zod';

/** What a user can be. A row that holds a value outside of these lists is a bug. */
export const userStatus = z.enum(['active', 'suspended', 'deleted']);
/** What a tenant can be. */
export const tenantStatus = z.enum(['active', 'suspended']);
/** The plans. */
export const tenantPlan = z.enum(['free', 'pro', 'enterprise']);
/** Roles as rows hold them. */
export const roleList = z.array(z.enum(ROLES));
/** Permissions as rows and tokens hold them. */
export const permissionList = z.array(z.enum(PERMISSIONS));

export type UserStatus = z.output<typeof userStatus>;
export type TenantPlan = z.output<typeof tenantPlan>;
