import * as z from 'zod';
import { type EndpointDefinition, maxBodyDepth } from '#shared/contracts/endpoint.ts';
import { type Artefact, generatedNote, markdownTable } from './artefact.ts';
import { allEndpoints, roleText } from './endpoints.ts';

/** Limits of requests, from the code that holds them. */
function limitRows(endpoints: readonly EndpointDefinition[]): string[][] {
  const withBody = endpoints.filter(({ body }) => !(body instanceof z.ZodUndefined));
  const sizes = [...new Set(withBody.map(({ maxBodyBytes }) => maxBodyBytes))].sort((a, b) => a - b);
  return [
    ...sizes.map((size) => [
      `body of ${withBody
        .filter(({ maxBodyBytes }) => maxBodyBytes === size)
        .map(({ operationId }) => operationId)
        .join(', ')}`,
      `${size.toLocaleString('en')} bytes`,
      '`BodyTooLarge`',
    ]),
    ['lists and objects in each other, JSON', `${maxBodyDepth} levels`, '`BodyTooDeep`'],
    ['id in a path', '128 characters (upload keys in lineage: 1,024 bytes)', '`InvalidPath`'],
    ['`pageToken`', '4,096 characters', '`InvalidQuery`'],
    ['violations that an answer names', '50', ''],
  ];
}

/** The endpoints as a short table. */
export async function apiTable(): Promise<Artefact> {
  const endpoints = await allEndpoints();
  const rows = endpoints.map((endpoint) => [
    `\`${endpoint.method} ${endpoint.path}\``,
    endpoint.operationId,
    roleText(endpoint),
    endpoint.summary,
  ]);
  return {
    path: 'docs/reference/api.md',
    content: `# The API

${generatedNote}

Requests and answers are JSON; errors are problem documents (RFC 9457) with a stable \`code\`. Parameters, bodies and answers are in
[openapi.json](openapi.json). A token goes into the header \`Authorization: Bearer <token>\`; the laptop platform needs none. Lists come
in pages: \`nextPageToken\` of an answer is \`pageToken\` of the next request.

\`predict\` and \`sendGroundTruth\` are on the prediction API: in AWS it has an address of its own (output PredictionUrl of the stack api).

A role counts in the project for which the token grants it. *Of its project* means the project of what is asked for: what a caller may not
see is not found and in no list. *Of all projects* asks for a grant for \`*\`.

${markdownTable(['request', 'operation', 'who may', 'what it does'], rows)}

## Limits

What is beyond a limit is refused with 400 and a code, before anything is done with it. API Gateway itself refuses headers and address
of more than 10,240 bytes together, and bodies of more than 10 MB.

${markdownTable(['what', 'most', 'code'], limitRows(endpoints))}
`,
  };
}
