import path from 'node:path';
import * as z from 'zod';
import type { ResourceDeclaration, RuntimeContext } from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';

/** A deployed function as the sandboxes and the API need it. */
export interface FunctionConfig {
  readonly name: string;
  /** `$LATEST`, or the number of the version that this was published as. */
  readonly version: string;
  /** Without a qualifier. */
  readonly arn: string;
  readonly roleArn: string;
  /** `<module>.<export>`, e.g. `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  readonly description: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  /** Folder of the unpacked code. */
  readonly codePath: string;
  /** Object key of the code asset; changes with the code. */
  readonly codeKey: string;
  readonly layerArns: readonly string[];
  /** Folders that AWS would mount at /opt, in the template's order. */
  readonly layerPaths: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly architectures: readonly string[];
  /** Absent: no limit of its own. 0: the function is switched off. */
  readonly reservedConcurrency?: number;
  /** Queue that receives asynchronous events which failed for good. */
  readonly deadLetterArn?: string;
  readonly logGroupName: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly applicationLogLevel?: string;
  readonly tracingActive: boolean;
}

const properties = z.strictObject({
  FunctionName: z.string(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string().regex(/^[^.\s]+\.[^.\s]+$/, 'must be <module>.<export>'),
  Runtime: z.string().regex(/^nodejs\d+\.x$/, 'must be a Node.js runtime such as nodejs24.x'),
  Role: z.string(),
  MemorySize: z.number().int().min(128).max(10_240).default(128),
  Timeout: z.number().int().min(1).max(900).default(3),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Layers: z.array(z.string()).max(5).default([]),
  ReservedConcurrentExecutions: z.number().int().min(0).optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .strictObject({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['Text', 'JSON']).default('Text'),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
    })
    .optional(),
  TracingConfig: z.strictObject({ Mode: z.enum(['Active', 'PassThrough']) }).optional(),
  Architectures: z.array(z.enum(['arm64', 'x86_64'])).default(['x86_64']),
  Description: z.string().default(''),
  Tags: z.array(z.unknown()).default([]),
  // Each sandbox has a temporary folder of its own; its size is the disk's, whatever is asked for.
  EphemeralStorage: z.strictObject({ Size: z.number().int().min(512).max(10_240) }).optional(),
  PackageType: z.literal('Zip').optional(),
  // Recursion is cut by AWS after 16 hops; the laptop does not count them.
  RecursiveLoop: z.enum(['Allow', 'Terminate']).optional(),
});

/**
 * Reads the properties of an AWS::Lambda::Function.
 * @throws UnsupportedResource naming the first property that cannot be honoured
 */
export function readFunction(
  context: RuntimeContext,
  resource: ResourceDeclaration,
  layerPath: (layerArn: string) => string,
): FunctionConfig {
  const read = parseProperties(resource, properties);
  const logging = read.LoggingConfig;
  return {
    name: read.FunctionName,
    version: '$LATEST',
    arn: `arn:aws:lambda:${context.region}:${context.accountId}:function:${read.FunctionName}`,
    roleArn: read.Role,
    handler: read.Handler,
    runtime: read.Runtime,
    description: read.Description,
    memorySizeMb: read.MemorySize,
    timeoutSeconds: read.Timeout,
    codePath: path.resolve(context.assetPath(read.Code.S3Key)),
    codeKey: read.Code.S3Key,
    layerArns: read.Layers,
    layerPaths: read.Layers.map(layerPath),
    environment: read.Environment?.Variables ?? {},
    architectures: read.Architectures,
    logGroupName: logging?.LogGroup ?? `/aws/lambda/${read.FunctionName}`,
    logFormat: logging?.LogFormat ?? 'Text',
    tracingActive: read.TracingConfig?.Mode === 'Active',
    ...(logging?.ApplicationLogLevel && { applicationLogLevel: logging.ApplicationLogLevel }),
    ...(read.ReservedConcurrentExecutions !== undefined && {
      reservedConcurrency: read.ReservedConcurrentExecutions,
    }),
    ...(read.DeadLetterConfig?.TargetArn && { deadLetterArn: read.DeadLetterConfig.TargetArn }),
  };
}
