import { expect, test } from '@jest/globals';
import type { Answer } from '../../../src/confluence/client/answer.ts';
import { lacksScope, scopeOf } from '../../../src/confluence/missing-scope.ts';

test.each([
  ['/api/v2/spaces', 'read:space:confluence'],
  ['/api/v2/spaces/{id}', 'read:space:confluence'],
  ['/api/v2/spaces/{id}/pages', 'read:page:confluence'],
  ['/api/v2/spaces/{id}/blogposts', 'read:page:confluence'],
  ['/api/v2/pages', 'read:page:confluence'],
  ['/api/v2/pages/{id}', 'read:page:confluence'],
  ['/api/v2/blogposts/{id}', 'read:page:confluence'],
  ['/api/v2/pages/{id}/ancestors', 'read:content.metadata:confluence'],
  ['/rest/api/user/current', 'read:content-details:confluence'],
])('%s needs the scope %s', (route, scope) => {
  expect(scopeOf(route)).toBe(scope);
});

test('only a 401 that speaks of a scope is one', () => {
  const refused = (status: number, value: unknown): Answer => ({
    ...{ kind: 'signed_out', status, value, reason: '' },
  });

  expect(lacksScope(refused(401, { code: 401, message: 'Unauthorized; scope does not match' }))).toBe(true);
  expect(lacksScope(refused(401, { code: 401, message: 'Unauthorized' }))).toBe(false);
  expect(lacksScope(refused(403, { message: 'scope' }))).toBe(false);
  expect(lacksScope(refused(401, undefined))).toBe(false);
  expect(lacksScope({ kind: 'refused', status: 401, value: { message: 'scope' } })).toBe(false);
});
