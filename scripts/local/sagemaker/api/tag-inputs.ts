import * as z from 'zod';
import { resourceArn, tagKeys, tags } from './members.ts';

/** Inputs of the operations on tags. */
export const addTagsInput = z.strictObject({ ResourceArn: resourceArn, Tags: tags });
export const deleteTagsInput = z.strictObject({ ResourceArn: resourceArn, TagKeys: tagKeys });
export const listTagsInput = z.strictObject({
  ResourceArn: resourceArn,
  NextToken: z.string().max(8192).optional(),
  MaxResults: z.int().min(50).optional(),
});
