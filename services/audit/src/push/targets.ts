import { branded, type TenantId } from '@ironforge/kernel';
import { z } from 'zod';

/** How entries are framed on the wire, and whether the connection is encrypted. */
const PROTOCOLS = {
  'syslog+tcp:': { framing: 'syslog', isEncrypted: false },
  'syslog+tls:': { framing: 'syslog', isEncrypted: true },
  'tcp:': { framing: 'lines', isEncrypted: false },
  'tls:': { framing: 'lines', isEncrypted: true },
} as const;

/** Where to, and how. */
export interface PushPlace {
  readonly host: string;
  readonly port: number;
  readonly framing: 'syslog' | 'lines';
  readonly isEncrypted: boolean;
}

const place = z.string().transform((text, context): PushPlace => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const known = Object.entries(PROTOCOLS).find(([protocol]) => protocol === url?.protocol)?.[1];
  const isPlain = url?.username === '' && url.password === '' && /^\/?$/.test(url.pathname);
  if (url === null || known === undefined || url.hostname === '' || url.port === '' || !isPlain) {
    context.addIssue({
      code: 'custom',
      message: 'must be syslog+tcp://host:port, syslog+tls://host:port, tcp://host:port or tls://host:port',
    });
    return z.NEVER;
  }
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: Number(url.port), ...known };
});

const target = z.strictObject({
  /** Names the cursor: another name begins at the first entry. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a name of small letters, digits and hyphens'),
  tenantId: z.uuid().transform((text) => branded<TenantId>(text)),
  url: place,
  format: z.enum(['cef', 'ocsf']),
  /** In PEM: by whom the receiver's certificate is signed; the system's authorities by default. */
  ca: z.string().optional(),
});

/** The receivers of an installation, each under a name of its own. */
export const pushTargets = z
  .array(target)
  .max(50)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two have the same name');

/** One receiver of a tenant's entries. */
export type PushTarget = z.output<typeof target>;
