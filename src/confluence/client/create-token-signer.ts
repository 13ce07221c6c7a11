import { z } from 'zod';
import type { Credentials } from '../confluence-settings.ts';
import type { Signature, Signer, SignerParts } from './create-signer.ts';
import type { Exchange } from './exchange.ts';
import { stopped } from './stopped.ts';

/** How long before its end a token is renewed. */
const MARGIN_MS = 60_000;
/** What Atlassian's tokens live, for an answer that does not say. */
const USUAL_LIFE_S = 3600;

type Token = Readonly<{ authorization: string; goodUntilMs: number }>;

/**
 * Signs with a token got for OAuth 2.0 client credentials, kept in memory and renewed before it ends. Requests that need one at
 * the same time wait for the same.
 */
export function createTokenSigner(
  credentials: Extract<Credentials, { kind: 'oauth' }>,
  parts: SignerParts,
): Signer {
  let token: Token | null = null;
  let asking: Promise<Token | Exchange> | null = null;
  const ask = async (signal: AbortSignal): Promise<Token | Exchange> => {
    const exchange = await parts.post(parts.tokenUrl, grantFor(credentials), signal);
    return readToken(exchange, parts);
  };
  const sign = async (signal: AbortSignal): Promise<Signature> => {
    if (signal.aborted) throw stopped(signal);
    if (token !== null && parts.clock.monotonicMs() < token.goodUntilMs)
      return { kind: 'signed', authorization: token.authorization };
    const mine = asking === null;
    const asked = (asking ??= ask(signal).finally(() => (asking = null)));
    const answer = await asked.catch((error: unknown) => {
      if (mine || signal.aborted) throw error;
      return null;
    });
    // It was another request's, and that was told to stop.
    if (answer === null) return await sign(signal);
    if ('kind' in answer) return { kind: 'unsigned', exchange: answer };
    token = answer;
    return { kind: 'signed', authorization: answer.authorization };
  };
  return {
    sign,
    renew: (authorization) => {
      if (token?.authorization === authorization) token = null;
      return true;
    },
  };
}

function grantFor({ clientId, clientSecret }: Extract<Credentials, { kind: 'oauth' }>): string {
  return JSON.stringify({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
}

const Granted = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  expires_in: z.coerce.number().positive().catch(USUAL_LIFE_S),
});

function readToken(exchange: Exchange, { tokenUrl, clock }: SignerParts): Token | Exchange {
  const { origin } = tokenUrl;
  if (exchange.kind === 'fault') return { ...exchange, origin };
  const { status, body } = exchange;
  // Failures are sorted and tried again like those of any request.
  if (status === 408 || status === 425 || status === 429 || status >= 500) return exchange;
  if (status >= 300) return { kind: 'fault', fault: 'sign_in', code: String(status), origin };
  const granted = Granted.safeParse(parseJson(body));
  if (!granted.success) return { kind: 'fault', fault: 'lost', code: 'no_token', origin };
  const lifeMs = granted.data.expires_in * 1000;
  return {
    authorization: `Bearer ${granted.data.access_token}`,
    goodUntilMs: clock.monotonicMs() + Math.max(lifeMs - MARGIN_MS, lifeMs / 2),
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}
