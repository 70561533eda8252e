import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage } from './build-page.ts';

writeFileSync(join(import.meta.dirname, '../../../../../docs/verify.html'), await buildPage());
