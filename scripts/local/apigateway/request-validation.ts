import * as z from 'zod';
import { type GatewayRequest, headerOf } from './gateway-message.ts';
import type { RequestValidator, RestMethod } from './model.ts';

/** A model's JSON Schema, compiled. */
export type BodySchema = z.ZodType;

/** Compiles the schema of an AWS::ApiGateway::Model (JSON Schema draft 4). @throws Error when it uses what zod cannot express */
export function compileModel(schema: unknown): BodySchema {
  const withItems = withArrayItems(schema) as Parameters<typeof z.fromJSONSchema>[0];
  return z.fromJSONSchema(withItems, { defaultTarget: 'draft-4' });
}

/** zod reads minItems and maxItems only of arrays that say something of their items. */
function withArrayItems(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withArrayItems);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, withArrayItems(value)]),
  );
  return inner['type'] === 'array' && !('items' in inner) ? { ...inner, items: {} } : inner;
}

/** The first reason why a request does not fit the method's validator; undefined when it does. */
export function findViolation(
  method: RestMethod,
  validator: RequestValidator,
  models: ReadonlyMap<string, BodySchema>,
  request: GatewayRequest,
): { readonly type: 'BAD_REQUEST_BODY' | 'BAD_REQUEST_PARAMETERS'; readonly message: string } | undefined {
  if (validator.validateParameters) {
    const missing = method.requiredParameters.filter((parameter) => !isPresent(parameter, request));
    if (missing.length > 0) {
      const names = missing.map((parameter) => parameter.split('.').slice(3).join('.')).join(', ');
      return { type: 'BAD_REQUEST_PARAMETERS', message: `Missing required request parameters: [${names}]` };
    }
  }
  if (validator.validateBody && !fitsModel(method, models, request)) {
    return { type: 'BAD_REQUEST_BODY', message: 'Invalid request body' };
  }
  return undefined;
}

function isPresent(parameter: string, request: GatewayRequest): boolean {
  const [, , location, ...rest] = parameter.split('.');
  const name = rest.join('.');
  if (location === 'header') return (headerOf(request, name.toLowerCase()) ?? '') !== '';
  if (location === 'querystring') return (new URLSearchParams(request.rawQuery).get(name) ?? '') !== '';
  // A path parameter is there, or the path would not have matched.
  return true;
}

function fitsModel(
  method: RestMethod,
  models: ReadonlyMap<string, BodySchema>,
  request: GatewayRequest,
): boolean {
  const contentType = headerOf(request, 'content-type')?.split(';')[0]?.trim() ?? 'application/json';
  const modelName = method.requestModels[contentType] ?? method.requestModels['$default'];
  const schema = modelName === undefined ? undefined : models.get(modelName);
  if (schema === undefined) return true;
  try {
    return schema.safeParse(JSON.parse(request.body.toString())).success;
  } catch {
    return false;
  }
}
