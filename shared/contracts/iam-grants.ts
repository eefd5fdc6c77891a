import * as z from 'zod';
import type { Caller } from './caller.ts';
import { grantOf, grantText } from './grant-text.ts';

/** Lambda allows 4 KB for all variables of a function together. */
const maxSettingsBytes = 3000;

const principalArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,512}$/,
    'must be the ARN of a role or user, arn:aws:iam::<account>:role/<name>',
  );

/** What each IAM principal may do that signs its requests: part of a stage's settings in cdk.json. Others may do nothing. */
export const iamGrants = z
  .record(principalArn, z.array(grantText).min(1))
  .refine((grants) => Object.keys(grants).length > 0, 'must name at least one role or user')
  .refine((grants) => Buffer.byteLength(JSON.stringify(grants)) <= maxSettingsBytes, {
    message: `must have at most ${maxSettingsBytes} bytes as JSON: name fewer principals`,
  });
export type IamGrants = z.output<typeof iamGrants>;

/** The same as a variable of a function. */
export const iamGrantsText = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(iamGrants);

/**
 * The caller that API Gateway found to have signed a request. `userArn` is the ARN of a user, or of a role's session
 * (`arn:aws:sts::<account>:assumed-role/<role>/<session>`), which has the grants of its role. An identity begins with `iam:`,
 * so that nobody is taken for the holder of a token of the same name.
 */
export function iamCaller(userArn: string, grants: IamGrants): Caller {
  const texts = Object.entries(grants).flatMap(([arn, granted]) => (isOf(userArn, arn) ? granted : []));
  return { id: `iam:${nameOf(userArn)}`.slice(0, maxIdLength), grants: [...new Set(texts)].map(grantOf) };
}

/** Facts hold so many characters of who caused them. */
const maxIdLength = 128;

/** The path of a role is not in the ARNs of its sessions, and names of roles are unique in an account without it. */
function isOf(userArn: string, arn: string): boolean {
  const session = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/[^/]+$/.exec(userArn);
  if (session === null) return userArn === arn;
  const role = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  return role !== null && [1, 2, 3].every((part) => role[part] === session[part]);
}

/** `role/session`, `user/ann`: what is left of an ARN without partition, account and the word for a session. */
const nameOf = (userArn: string): string =>
  (userArn.split(':').at(-1) ?? userArn).replace(/^assumed-role\//, 'role/');
