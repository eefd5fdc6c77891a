import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { type Artefact, jsonText } from './artefact.ts';
import { allEndpoints, roleText } from './endpoints.ts';
import { referred, sharedSchemas, withoutDialect } from './openapi-components.ts';
import { inputSchema, outputSchema, type Schema } from './schema-text.ts';

/** What any operation may answer instead; the code in the problem document says more. */
const problems: Readonly<Record<string, string>> = {
  '4XX':
    '400 not valid · 401 no valid token · 403 not allowed · 404 not there · 409 happened meanwhile or there already · 412 a condition is not met · 429 too many requests',
  '5XX': '500 something broke on the platform’s side · 503 try again',
};

/** The native API as an OpenAPI 3.1 document. https://spec.openapis.org/oas/v3.1.1.html */
export async function openApi(): Promise<Artefact> {
  const endpoints = await allEndpoints();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(endpoint),
    };
  }
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Millrace',
      version: packageVersion(),
      description:
        'The native API. Operations tagged `predictions` are answered by the prediction API, which has an address of its own in AWS.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: 'http://127.0.0.1:4700', description: 'The laptop platform; no token is needed.' },
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com',
        description: 'A deployed platform: the output PlatformUrl of the stack api.',
        variables: { api: { default: 'api-id' }, region: { default: 'us-east-1' } },
      },
    ],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map(({ service }) => service))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token: millrace tokens issue.' },
      },
      schemas: { Problem: problemSchema, ...sharedSchemas() },
      responses: Object.fromEntries(
        Object.entries(problems).map(([status, description]) => [
          `Problem${status}`,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
  return { path: 'docs/reference/openapi.json', content: jsonText(document) };
}

/** RFC 9457. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', examples: ['urn:millrace:problem:ProjectNotFound'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, what is allowed, and the cure.' },
    code: { type: 'string', description: 'Stable, for programs.' },
    requestId: { type: 'string' },
    violations: {
      type: 'array',
      description: 'Where several parts of the input are not valid.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: {
          path: { type: 'string' },
          message: { type: 'string' },
          line: { type: 'integer' },
          column: { type: 'integer' },
        },
      },
    },
  },
};

function operation(endpoint: EndpointDefinition): Record<string, unknown> {
  const body = requestBody(endpoint);
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: `For ${roleText(endpoint)}.`,
    tags: [endpoint.service],
    parameters: [
      ...parameters(outputSchema(endpoint.params), 'path'),
      ...parameters(outputSchema(endpoint.query), 'query'),
    ],
    ...(body ? { requestBody: body } : {}),
    responses: {
      [endpoint.successStatus]: {
        description: 'Done.',
        content: {
          'application/json': { schema: referred(withoutDialect(outputSchema(endpoint.response))) },
        },
      },
      ...Object.fromEntries(
        Object.keys(problems).map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  };
}

function parameters(schema: Schema, place: 'path' | 'query'): unknown[] {
  return Object.entries(schema.properties ?? {}).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || (schema.required?.includes(name) === true && member.default === undefined),
    schema: member,
  }));
}

/** What raw bodies are: files of people, YAML or JSON. */
const files: Readonly<Record<string, string>> = {
  applyProject: 'ProjectInput',
  applyContract: 'DataContractInput',
  applyFeatures: 'FeatureDefinitionsInput',
};

function requestBody(endpoint: EndpointDefinition): unknown {
  const description = `At most ${endpoint.maxBodyBytes} bytes.`;
  if (endpoint.rawBody) {
    const file = files[endpoint.operationId];
    if (!file) throw new Error(`${endpoint.operationId} takes a raw body: name the schema of its file.`);
    const schema = { $ref: `#/components/schemas/${file}` };
    return {
      required: true,
      description,
      content: { 'application/yaml': { schema }, 'application/json': { schema } },
    };
  }
  if (endpoint.body instanceof z.ZodUndefined) return undefined;
  const schema = referred(withoutDialect(inputSchema(endpoint.body)));
  return { required: true, description, content: { 'application/json': { schema } } };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
