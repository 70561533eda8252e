import { expect, it } from 'vitest';
import { answerPage, cursorOfRow, readCursor } from './answer-page.ts';

const rows = [3, 2, 1].map((n) => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  createdAt: new Date(n * 1000),
}));

it('gives one page and leads to the next', () => {
  const options = { query: { limit: 2, status: 'active', tag: undefined }, cursorOf: cursorOfRow };
  const first = answerPage({ ...options, rows, show: (row) => row.id.at(-1) });
  const nextCursor = cursorOfRow({ id: '00000000-0000-4000-8000-000000000002', createdAt: new Date(2000) });
  expect(first.body).toEqual({ data: ['3', '2'], nextCursor });
  expect(first.headers).toEqual({ Link: `<?limit=2&status=active&cursor=${nextCursor}>; rel="next"` });
  expect(readCursor(nextCursor)).toEqual(rows[1]);
  const last = answerPage({ ...options, rows: rows.slice(2), show: (row) => row.id.at(-1) });
  expect(last).toEqual({ status: 200, body: { data: ['1'], nextCursor: null } });
});

it.each(['', 'x', 'MTIz', '%00'])('refuses the cursor %j', (cursor) => {
  expect(() => readCursor(cursor)).toThrow(expect.objectContaining({ code: 'validation_failed' }));
});
