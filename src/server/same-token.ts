import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an Authorization header carries the Bearer token; takes the same time wherever they differ. */
export function sameToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
