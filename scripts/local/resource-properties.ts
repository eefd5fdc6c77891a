import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { type ResourceDeclaration, UnsupportedResource } from './emulated-service.ts';

/**
 * Parses the properties of a declaration.
 * @throws UnsupportedResource naming the property, for one that is unknown or has a value outside what is imitated
 */
export function parseProperties<Schema extends z.ZodType>(
  resource: ResourceDeclaration,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(resource.properties);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])].join(
    '.',
  );
  throw new UnsupportedResource(
    resource.type,
    `${where || 'the declaration'} of ${resource.logicalId} (${issue?.message})`,
    'Change that property in the template, or teach the laptop runtime to honour it.',
  );
}

/** A generated id of lower-case hexadecimal digits, the same for the same resource at every start. */
export function stableId(resource: ResourceDeclaration, length: number): string {
  return createHash('sha256')
    .update(`${resource.stackName}/${resource.logicalId}`)
    .digest('hex')
    .slice(0, length);
}
