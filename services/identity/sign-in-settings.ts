import * as z from 'zod';
import { grantText } from '#shared/contracts/grant-text.ts';

/** Lambda allows 4 KB for all variables of a function together. */
const maxSettingsBytes = 3000;

/** HTTPS; plain HTTP only to this machine, where nobody is between. */
const issuerUrl = z
  .url()
  .refine(
    (text) => /^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(text),
    'must begin with https://',
  );

/**
 * How people sign in with tokens of an OpenID Connect issuer: part of a stage's settings in cdk.json, and the authorizer's
 * environment.
 */
export const signInSettings = z
  .strictObject({
    /** As it stands in the tokens' `iss`; `<issuer>/.well-known/openid-configuration` is its discovery document. */
    issuer: issuerUrl,
    /** What the tokens' `aud` must hold: the client's id, or the API's name at the issuer. */
    audience: z.string().min(1),
    /** Claim that lists a person's groups. */
    groupsClaim: z.string().min(1).default('groups'),
    /** Claim that names the person in the audit. Choose one that people cannot change themselves. */
    nameClaim: z.string().min(1).default('sub'),
    /** What each group may do: roles, for one project or for all. Who is in none of the groups is refused. */
    grants: z
      .record(z.string().min(1), z.array(grantText).min(1))
      .refine((grants) => Object.keys(grants).length > 0, 'must name at least one group'),
  })
  .refine((settings) => Buffer.byteLength(JSON.stringify(settings)) <= maxSettingsBytes, {
    message: `must have at most ${maxSettingsBytes} bytes as JSON: name fewer groups`,
  });

export type SignInSettings = z.output<typeof signInSettings>;
