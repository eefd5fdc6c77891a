import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { logger } from '#shared/telemetry/logger.ts';
import type { SignedTokens } from '../ports.ts';
import type { SignInSettings } from '../sign-in-settings.ts';

/** API Gateway waits 10 s for an authorizer: time for the discovery document and the keys, one after the other. */
const fetchTimeoutMs = 3000;
/** Keys are fetched again after this time, and earlier for a key id that is not among them: so keys can be rotated, and be withdrawn. */
const keysMaxAgeMs = 600_000;
/** No more than one fetch in this time for unknown key ids, which anybody can send. */
const refetchCooldownMs = 5000;
/** How far clocks may differ, in seconds. */
const clockToleranceSeconds = 30;

/** OpenID Connect Discovery 1.0, section 3, as far as it is used. */
const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** What a token is refused for, as opposed to keys that cannot be had. */
const refusals: ReadonlySet<string> = new Set([
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

/** Verifies tokens of an issuer, with keys that are fetched when first needed and kept as long as the process lives. */
export function createSignedTokens(
  { issuer, audience }: Pick<SignInSettings, 'issuer' | 'audience'>,
  clock: Clock,
): SignedTokens {
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  const keys: JWTVerifyGetKey = async (header, token) => {
    discovered ??= discoverKeys(issuer);
    try {
      return await (await discovered)(header, token);
    } catch (error) {
      if (isRefusal(error)) throw error;
      // Another request asks again.
      discovered = undefined;
      throw new AppError(
        'unavailable',
        'IssuerUnreachable',
        `The keys of ${issuer} cannot be had: ${(error as Error).message}. Check signIn.issuer of the stage, and the issuer.`,
        {},
        { cause: error },
      );
    }
  };
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience,
          algorithms: ['RS256', 'ES256'],
          requiredClaims: ['exp'],
          clockTolerance: clockToleranceSeconds,
          currentDate: clock.now(),
        });
        return payload;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        logger.info('A signed token was refused.', { code: error.code, reason: error.message });
        return undefined;
      }
    },
  };
}

const isRefusal = (error: unknown): error is errors.JOSEError =>
  error instanceof errors.JOSEError && refusals.has(error.code);

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(fetchTimeoutMs),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`the discovery document answers ${answer.status}`);
  const document = discoveryDocument.parse(await answer.json());
  if (document.issuer !== issuer) throw new Error(`its discovery document is of '${document.issuer}'`);
  const address = new URL(document.jwks_uri);
  if (address.protocol !== 'https:' && address.hostname !== new URL(issuer).hostname)
    throw new Error(`its keys are at ${address.href}, which is not https`);
  return createRemoteJWKSet(address, {
    timeoutDuration: fetchTimeoutMs,
    cacheMaxAge: keysMaxAgeMs,
    cooldownDuration: refetchCooldownMs,
  });
}
