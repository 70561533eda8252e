import { cursorOfRow } from '@ironforge/service-kit';
import type { RequestView } from './view.ts';

/** The cursor of a request in a list, newest first. */
export function cursorOfView({ row }: RequestView): string {
  return cursorOfRow({ createdAt: row.created_at, id: row.id });
}
