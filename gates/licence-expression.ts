/** Licences that let the product be used, changed and sold as it is (SPDX identifiers); MPL-2.0 binds only its own files. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'Zlib',
  'MPL-2.0',
]);

/** True for an SPDX expression that can be met by allowed licences alone: one side of OR is enough, AND needs both. */
export function isAllowedLicence(expression: string): boolean {
  const bare = expression.trim().replace(/^\((?<inner>[^()]*)\)$/, '$<inner>');
  const choices = bare.split(/\s+OR\s+/);
  return choices.some((choice) =>
    choice.split(/\s+AND\s+/).every((name) => ALLOWED.has(name.replace(/[()]/g, '').trim())),
  );
}
