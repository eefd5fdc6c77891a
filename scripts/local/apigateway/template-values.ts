import * as z from 'zod';
import { type ResourceDeclaration, UnsupportedResource } from '../emulated-service.ts';
import type { AccessLog, FunctionTarget } from './model.ts';

/** Descriptions, tags and such: kept by AWS, without effect on a request. */
export const ignored = z.unknown().optional();

/** Access log settings of a stage; REST and HTTP APIs write them alike. */
export const accessLogSchema = z.strictObject({ DestinationArn: z.string(), Format: z.string() }).optional();

/** @returns the access log that a stage writes; absent where it has none */
export function readAccessLog(settings: z.output<typeof accessLogSchema>): { accessLog?: AccessLog } {
  if (settings === undefined) return {};
  const logGroupName = settings.DestinationArn.split(':')[6] ?? '';
  return { accessLog: { logGroupName, format: settings.Format } };
}

/**
 * Reads the function behind an integration or authorizer, from its plain ARN or from API Gateway's
 * `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<ARN>/invocations`.
 * @throws UnsupportedResource when the URI is none of these
 */
export function readTarget(
  resource: ResourceDeclaration,
  uri: string,
  timeoutMs: number,
  credentialsArn?: string,
): FunctionTarget {
  const functionArn = /(arn:aws:lambda:[^/]+)(?:\/invocations)?$/.exec(uri)?.[1];
  if (functionArn === undefined) {
    throw new UnsupportedResource(resource.type, `the URI ${uri}`, 'Integrate a Lambda function.');
  }
  return { functionArn, timeoutMs, ...(credentialsArn !== undefined && { credentialsArn }) };
}
