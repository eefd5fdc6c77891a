import * as z from 'zod';

/** Members that several operations share; patterns and limits are those of the SageMaker API (2017-07-24). */

const pattern = (source: string): RegExp => new RegExp(`^${source}$`, 'u');

/** Name of a job, an endpoint, an endpoint configuration or a variant. */
export const entityName = z.string().max(63).regex(pattern('[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}'));
export const modelName = z.string().max(63).regex(pattern('[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?'));
export const s3Uri = z.string().max(1024).regex(pattern('(https|s3)://([^/]+)/?(.*)'));
export const roleArn = z
  .string()
  .min(20)
  .max(2048)
  .regex(pattern('arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'));
export const resourceArn = z
  .string()
  .max(256)
  .regex(pattern('arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+'));
export const mediaType = z.string().max(256);
/** The service lists every type it has; here any type of the right form will do. */
export const instanceType = z
  .string()
  .regex(pattern('ml\\.[a-z0-9\\-]+\\.(medium|large|[0-9]*xlarge|metal)'));

const tagText = '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)';
export const tags = z
  .array(
    z.strictObject({
      Key: z.string().min(1).max(128).regex(pattern(tagText)),
      Value: z.string().max(256).regex(pattern(tagText)),
    }),
  )
  .max(50);
export type Tags = z.infer<typeof tags>;
export const tagKeys = z.array(z.string().min(1).max(128)).min(1).max(50);

/** Environment variables of a container. */
export const environment = (entries: number, valueLength: number, nameLength = 1024) =>
  z
    .record(z.string().max(nameLength).regex(pattern('[a-zA-Z_][a-zA-Z0-9_]*')), z.string().max(valueLength))
    .refine(
      (map) => Object.keys(map).length <= entries,
      `Member must have length less than or equal to ${entries}`,
    );

/** Timestamps travel as seconds since the epoch. */
const timestamp = z.number();
const paging = {
  NextToken: z.string().max(8192).optional(),
  MaxResults: z.int().min(1).max(100).optional(),
  NameContains: z.string().max(63).regex(pattern('[a-zA-Z0-9\\-]+')).optional(),
  SortOrder: z.enum(['Ascending', 'Descending']).optional(),
  CreationTimeAfter: timestamp.optional(),
  CreationTimeBefore: timestamp.optional(),
};

/** Input of a List operation of things that do not change. */
export const listInput = z.strictObject({ ...paging, SortBy: z.enum(['Name', 'CreationTime']).optional() });
/** Input of a List operation of things that have a status. */
export const listByStatusInput = (statuses: readonly [string, ...string[]]) =>
  z.strictObject({
    ...paging,
    SortBy: z.enum(['Name', 'CreationTime', 'Status']).optional(),
    LastModifiedTimeAfter: timestamp.optional(),
    LastModifiedTimeBefore: timestamp.optional(),
    StatusEquals: z.enum(statuses).optional(),
  });
/** Everything that a List operation can ask for. */
export type ListInput = z.infer<ReturnType<typeof listByStatusInput>>;
