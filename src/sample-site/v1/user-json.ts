import type { Dialect } from './dialect.ts';

const USER_KEY = '2c9239b948dc82440148dc875dc709a1';

/** The author of everything, in the shape of the v1 API. */
export function v1User(dialect: Dialect): Record<string, unknown> {
  return {
    type: 'known',
    username: 'jdoe',
    userKey: USER_KEY,
    profilePicture: {
      path: `${dialect.context}/images/icons/profilepics/default.svg`,
      width: 48,
      height: 48,
      isDefault: true,
    },
    displayName: 'Jo Doe',
    _links: { self: `${dialect.base}/rest/api/user?key=${USER_KEY}` },
    _expandable: { status: '' },
  };
}
