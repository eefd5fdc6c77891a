import * as z from 'zod';
import { defineEndpoint, roles } from '#shared/contracts/endpoint.ts';
import { pageToken, pathId } from '#shared/contracts/parts.ts';

const grant = z.object({ project: z.string().min(1), role: z.enum(roles) });
const tokenInfo = z.object({
  tokenId: z.string(),
  name: z.string(),
  grants: z.array(grant),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string().optional(),
});

export const issueToken = defineEndpoint({
  service: 'identity',
  operationId: 'issueToken',
  summary: 'Issues an API token. The token itself is in this answer and nowhere else: only its hash is kept.',
  method: 'POST',
  path: '/v1/tokens',
  role: 'admin',
  params: z.object({}),
  query: z.object({}),
  body: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9._@-]{1,64}$/),
    grants: z.array(grant).min(1).max(50),
    expiresAfterDays: z.int().min(1).max(3650).optional(),
  }),
  response: tokenInfo.extend({ token: z.string() }),
  successStatus: 201,
});

export const listTokens = defineEndpoint({
  service: 'identity',
  operationId: 'listTokens',
  summary: 'All tokens, without their secrets.',
  method: 'GET',
  path: '/v1/tokens',
  role: 'admin',
  params: z.object({}),
  query: z.object({ pageToken }),
  body: z.undefined(),
  response: z.object({ items: z.array(tokenInfo), nextPageToken: z.string().optional() }),
});

export const revokeToken = defineEndpoint({
  service: 'identity',
  operationId: 'revokeToken',
  summary: 'Ends a token. Cached decisions end within a minute.',
  method: 'DELETE',
  path: '/v1/tokens/{tokenId}',
  role: 'admin',
  params: z.object({ tokenId: pathId }),
  query: z.object({}),
  body: z.undefined(),
  response: z.object({ tokenId: z.string() }),
});

export const readCaller = defineEndpoint({
  service: 'identity',
  operationId: 'readCaller',
  summary: 'Who the caller is and what they may do.',
  method: 'GET',
  path: '/v1/me',
  role: 'authenticated',
  params: z.object({}),
  query: z.object({}),
  body: z.undefined(),
  response: z.object({ id: z.string(), grants: z.array(grant), stage: z.string() }),
});

export const endpoints = [issueToken, listTokens, revokeToken, readCaller];
