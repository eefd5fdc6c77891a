import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { issuerEnvironment } from '../env.ts';
import { createEnder, createIssuer } from '../store/issuer.ts';
import { revokeToken } from '../use-cases/end-tokens.ts';
import { issueToken } from '../use-cases/issue-token.ts';

const env = readEnvironment(issuerEnvironment);
const issuer = createIssuer(env);
const ender = createEnder(env);

export const handler = httpHandler([
  route(contract.issueToken, ({ body, caller }) => issueToken(issuer, { ...body, createdBy: caller.id })),
  route(contract.listTokens, async ({ query }) => {
    const page = await issuer.store.active(query.pageToken);
    const items = page.items.map(({ tokenSha256: _hash, status: _status, apiKeyId: _key, ...info }) => info);
    return { ...page, items };
  }),
  route(contract.revokeToken, ({ params }) => revokeToken(ender, params)),
  route(contract.readCaller, async ({ caller }) => ({ ...caller, stage: env.MILLRACE_STAGE })),
]);
