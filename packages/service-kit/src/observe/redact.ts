type Fields = Record<string, unknown>;

const REMOVED = '[removed]';
const MAX_DEPTH = 8;

/** Field names whose values never reach a log. */
const SECRET_FIELD =
  /^(authorization|cookie|set-cookie|.*password|.*passphrase|.*secret|.*token|.*(private|signing|api|pepper|access|data|index)[-_]?key|jwk|mnemonic|totp|recovery[-_]?codes?|email)$/i;

/** Credentials that may stand inside any text: API keys, bearer tokens, JSON web tokens, passwords in URLs. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/\bifk_[A-Za-z0-9_-]+/g, `ifk_${REMOVED}`],
  [/\bBearer\s+[^\s"]+/gi, `Bearer ${REMOVED}`],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, REMOVED],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, `$1:${REMOVED}@`],
];

/** The fields without credentials; errors become `{ type, message, code, stack, cause }`. */
export function redact(fields: Fields): Fields {
  return redactFields(fields, 0);
}

function redactFields(fields: object, depth: number): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET_FIELD.test(name) ? REMOVED : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactFields(value, depth);
}

function redactError(error: Error, depth: number): Fields {
  return {
    type: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: error.code } : {}),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}

function redactText(text: string): string {
  return SECRET_TEXT.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
