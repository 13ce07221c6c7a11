import { expect, test } from '@jest/globals';
import { namesId } from '../../../src/confluence/parse/names-id.ts';

const v2 = (title: unknown, detail: unknown = null) => ({
  errors: [{ status: 404, code: 'NOT_FOUND', title, detail }],
});

test.each([
  v2('Cannot find a page with id [42]'),
  v2('Content with id: [42] not found'),
  v2('Not Found', 'page 42 is gone'),
  { statusCode: 404, message: 'No content found with id: ContentId{id=42}' },
  { data: { errors: [{ message: { translation: 'No content with id <ContentId{id=42}> can be found' } }] } },
])('%j names the page', (body) => {
  expect(namesId(body, '42')).toBe(true);
});

test.each([
  v2('Not Found'),
  v2('Cannot find a page with id [420]'),
  v2('Cannot find a page with id [142]'),
  v2(null),
  { errors: 'page 42' },
  { message: 'GET /wiki/api/v2/pages/42' },
  { path: '42' },
  'page 42',
  null,
  undefined,
  [],
])('%j does not name the page', (body) => {
  expect(namesId(body, '42')).toBe(false);
});
