import type { Role } from '#shared/contracts/endpoint.ts';
import { grantOf } from '#shared/contracts/grant-text.ts';

/** Facts hold so many characters of who caused them; `#` parts keys, and principals of IAM are called `iam:…`. */
const personName = /^(?!iam:)[A-Za-z0-9._@|:+=/-]{1,128}$/;

/** Which claims say who a person is and what groups they are in, and what each group may do: `scientist:wine`, or `scientist` for all projects. */
export interface ClaimSettings {
  readonly groupsClaim: string;
  readonly nameClaim: string;
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

export interface SignedInCaller {
  readonly id: string;
  /** Empty where the person is in none of the groups that the stage names. */
  readonly grants: { project: string; role: Role }[];
}

/** Who a verified token speaks of; undefined where its name claim is missing, is no name, or is an e-mail address that nobody verified. */
export function signedInCaller(
  claims: Readonly<Record<string, unknown>>,
  settings: ClaimSettings,
): SignedInCaller | undefined {
  const id = claims[settings.nameClaim];
  if (typeof id !== 'string' || !personName.test(id)) return undefined;
  if (settings.nameClaim === 'email' && claims['email_verified'] === false) return undefined;
  const groups = [claims[settings.groupsClaim]].flat();
  const texts = Object.entries(settings.grants)
    .filter(([group]) => groups.includes(group))
    .flatMap(([, granted]) => granted);
  return { id, grants: [...new Set(texts)].map(grantOf) };
}
