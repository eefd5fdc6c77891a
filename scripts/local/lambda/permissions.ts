import * as z from 'zod';
import type { Principal } from '../emulated-service.ts';

/** One statement of a function's resource policy (AWS::Lambda::Permission). */
export interface FunctionPermission {
  readonly functionName: string;
  /** Alias or version that the permission was given on; absent: the bare function. */
  readonly qualifier?: string;
  readonly service: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

export const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction', 'only lambda:InvokeFunction can be granted'),
  FunctionName: z.string(),
  Principal: z.string().regex(/^[a-z0-9.-]+\.amazonaws\.com$/, 'must be a service principal'),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/** Whether a pattern with `*` and `?` covers an ARN, compared part by part as the ArnLike condition does. */
export function arnLike(pattern: string, arn: string): boolean {
  const patternParts = splitArn(pattern);
  const parts = splitArn(arn);
  return (
    patternParts.length === parts.length &&
    patternParts.every((part, index) => glob(part, parts[index] ?? ''))
  );
}

/** The six parts of an ARN; the last, the resource, may hold colons. */
function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function glob(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Whether a function's resource policy lets a service, acting for the resource `sourceArn`, invoke it under that qualifier. */
export function servicePermitted(
  permissions: Iterable<FunctionPermission>,
  principal: Extract<Principal, { kind: 'service' }>,
  target: { readonly functionName: string; readonly qualifier?: string; readonly accountId: string },
): boolean {
  for (const permission of permissions) {
    if (permission.functionName !== target.functionName) continue;
    if (permission.qualifier !== target.qualifier) continue;
    if (permission.service !== principal.service) continue;
    if (permission.sourceAccount !== undefined && permission.sourceAccount !== target.accountId) continue;
    if (permission.sourceArn !== undefined) {
      if (principal.sourceArn === undefined || !arnLike(permission.sourceArn, principal.sourceArn)) continue;
    }
    return true;
  }
  return false;
}
