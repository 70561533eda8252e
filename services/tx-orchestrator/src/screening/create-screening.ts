import type { Config } from '../config.ts';
import { createListScreening } from './list-file.ts';
import { createProviderScreening } from './provider.ts';
import { type AddressScreening, allOf } from './screening.ts';

/** The installation's screening: its list and its screening service, where it has them. */
export function createScreening(config: Config): AddressScreening {
  const { SCREENING_LIST_FILE: path, SCREENING_URL: url, SCREENING_TOKEN: token } = config;
  const sources: AddressScreening[] = [];
  if (path !== undefined) sources.push(createListScreening(path));
  if (url !== undefined)
    sources.push(createProviderScreening({ url, token, timeoutMs: config.SCREENING_TIMEOUT_MS }));
  return allOf(sources);
}
