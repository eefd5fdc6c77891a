import middy from '@middy/core';
import type {
  APIGatewayAuthorizerResult,
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { signedInApiKeyValue } from '#shared/kernel/names.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import { answerHttpApi, answerRestApi, credentialsOf } from '../authorization/answers.ts';
import { authorizerEnvironment } from '../env.ts';
import { createSignedTokens } from '../store/signed-tokens.ts';
import { createTokenStore } from '../store/token-store.ts';
import { identifyCaller } from '../use-cases/identify-caller.ts';

const env = readEnvironment(authorizerEnvironment);
const deps = {
  store: createTokenStore(createTable(documentClient(), env.TABLE_NAME)),
  clock: systemClock,
  anonymousIdentity: env.ANONYMOUS_IDENTITY,
  signIn: env.SIGN_IN && {
    settings: env.SIGN_IN,
    tokens: createSignedTokens(env.SIGN_IN, systemClock),
    apiKeyValue: signedInApiKeyValue(env.MILLRACE_STAGE),
  },
};

type Request = APIGatewayRequestAuthorizerEventV2 | APIGatewayRequestAuthorizerEvent;
type Answer = APIGatewaySimpleAuthorizerWithContextResult<{ identity: string }> | APIGatewayAuthorizerResult;

/** Answers for both APIs: the HTTP API asks in payload 2.0 and takes a yes or no, the REST API takes a policy. */
export const handler = middy<Request, Answer>()
  .use(loggedFailure())
  .handler(async (request) => {
    const identified = await identifyCaller(deps, credentialsOf(request.headers));
    return 'version' in request && request.version === '2.0'
      ? answerHttpApi(identified)
      : answerRestApi(identified, (request as APIGatewayRequestAuthorizerEvent).methodArn);
  });
