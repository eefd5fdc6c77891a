import type { APIGatewayAuthorizerResult, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import type { Credentials, IdentifiedCaller } from '../use-cases/identify-caller.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** REST APIs pass header names as they were sent, HTTP APIs in lower case. */
export function credentialsOf(headers: Headers | null | undefined): Credentials {
  const byName = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    authorization: byName.get('authorization'),
    actAs: byName.get('x-millrace-as'),
    isForeignPage: isForeign(byName.get('origin'), byName.get('host')),
  };
}

/** Browsers say which page sends a request (Fetch standard, Origin header); `null` is a page that hides it. Programs say nothing. */
function isForeign(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** A simple response (payload 2.0): the API answers 403 to whoever is not authorized. */
export function answerHttpApi(
  identified: IdentifiedCaller | undefined,
): APIGatewaySimpleAuthorizerWithContextResult<{ identity: string }> {
  const isAuthorized = identified !== undefined && mayDoAnything(identified);
  return { isAuthorized, context: { identity: isAuthorized ? JSON.stringify(identified.caller) : '' } };
}

/**
 * A policy for all of the API's stage, since API Gateway keeps it for the token's next requests, whatever they ask. Throws
 * the one message that API Gateway turns into 401; who is known and may do nothing gets 403.
 */
export function answerRestApi(
  identified: IdentifiedCaller | undefined,
  methodArn: string,
): APIGatewayAuthorizerResult {
  if (!identified) throw new Error('Unauthorized');
  const [api, stage] = methodArn.split('/');
  return {
    principalId: identified.caller.id,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: mayDoAnything(identified) ? 'Allow' : 'Deny',
          Resource: `${api}/${stage}/*`,
        },
      ],
    },
    context: { identity: JSON.stringify(identified.caller) },
    usageIdentifierKey: identified.apiKeyValue,
  };
}

const mayDoAnything = ({ caller }: IdentifiedCaller): boolean => caller.grants.length > 0;
