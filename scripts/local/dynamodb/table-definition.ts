import * as z from 'zod';
import { AwsError, UnsupportedResource } from '../emulated-service.ts';
import type { TableDefinition } from './types.ts';

/** CloudFormation gives numbers and booleans as text where a parameter stood. */
const flag = z.union([
  z.boolean(),
  z.literal('true').transform(() => true),
  z.literal('false').transform(() => false),
]);
const count = z.coerce.number().int().min(1);

const keySchema = z
  .array(z.object({ AttributeName: z.string().min(1).max(255), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);
/** A global or local secondary index. */
export const indexInput = z.object({
  IndexName: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
    NonKeyAttributes: z.array(z.string()).max(100).optional(),
  }),
});
const streamViewType = z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']);

/** What CreateTable and both CloudFormation types say alike; unknown members are dropped. */
const tableInput = z.object({
  TableName: z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/),
  AttributeDefinitions: z
    .array(z.object({ AttributeName: z.string().min(1), AttributeType: z.enum(['S', 'N', 'B']) }))
    .min(1),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(indexInput).max(20).default([]),
  LocalSecondaryIndexes: z.array(indexInput).max(5).default([]),
  BillingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
  ProvisionedThroughput: z.object({ ReadCapacityUnits: count, WriteCapacityUnits: count }).optional(),
  StreamSpecification: z
    .object({ StreamEnabled: flag.optional(), StreamViewType: streamViewType.optional() })
    .optional(),
  DeletionProtectionEnabled: flag.default(false),
  SSESpecification: z
    .object({
      SSEEnabled: flag.optional(),
      SSEType: z.string().optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
  TableClass: z.string().default('STANDARD'),
});

const settings = z.object({
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: flag }).optional(),
  PointInTimeRecoverySpecification: z
    .object({ PointInTimeRecoveryEnabled: flag.default(false), RecoveryPeriodInDays: count.default(35) })
    .optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

/** A table of a template: its definition and the settings that the API changes by operations of their own. */
export interface DeclaredTable {
  readonly definition: TableDefinition;
  readonly timeToLiveAttribute: string | undefined;
  readonly pointInTimeRecovery: { readonly enabled: boolean; readonly periodInDays: number };
  readonly tags: Readonly<Record<string, string>>;
}

/** Reads CreateTable's input; throws ValidationException. */
export function readTableDefinition(input: unknown): TableDefinition {
  const parsed = tableInput.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${issue?.path.join('.') ?? ''}' failed to satisfy constraint: ${issue?.message}`,
    );
  }
  const { StreamSpecification, SSESpecification, ProvisionedThroughput, ...rest } = parsed.data;
  const definition: TableDefinition = {
    ...(rest as Omit<TableDefinition, 'StreamViewType' | 'SSESpecification' | 'ProvisionedThroughput'>),
    ...(ProvisionedThroughput === undefined ? {} : { ProvisionedThroughput }),
    ...(SSESpecification === undefined
      ? {}
      : { SSESpecification: SSESpecification as NonNullable<TableDefinition['SSESpecification']> }),
    ...(StreamSpecification?.StreamViewType === undefined || StreamSpecification.StreamEnabled === false
      ? {}
      : { StreamViewType: StreamSpecification.StreamViewType }),
  };
  checkKeys(definition);
  return definition;
}

const unsupported: readonly string[] = [
  'ImportSourceSpecification',
  'KinesisStreamSpecification',
  'ResourcePolicy',
];
const replicaMembers = [
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'SSESpecification',
  'TableClass',
  'Tags',
] as const;

/** Reads an AWS::DynamoDB::Table or ::GlobalTable; the one replica of the latter carries what the former has at the top. */
export function readDeclaredTable(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  region: string,
): DeclaredTable {
  const flat =
    type === 'AWS::DynamoDB::GlobalTable' ? flattenGlobalTable(type, properties, region) : properties;
  for (const property of unsupported) {
    if (flat[property] !== undefined) {
      throw new UnsupportedResource(type, property, 'Leave the property out in the local stage.');
    }
  }
  const { TimeToLiveSpecification, PointInTimeRecoverySpecification, Tags } = settings.parse(flat);
  return {
    definition: readTableDefinition(flat),
    timeToLiveAttribute: TimeToLiveSpecification?.Enabled ? TimeToLiveSpecification.AttributeName : undefined,
    pointInTimeRecovery: {
      enabled: PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false,
      periodInDays: PointInTimeRecoverySpecification?.RecoveryPeriodInDays ?? 35,
    },
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
  };
}

function flattenGlobalTable(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  region: string,
): Record<string, unknown> {
  const replicas = z.array(z.record(z.string(), z.unknown())).parse(properties['Replicas'] ?? []);
  const [replica] = replicas;
  if (replicas.length !== 1 || replica === undefined || replica['Region'] !== region) {
    throw new UnsupportedResource(
      type,
      `Replicas other than exactly one in ${region}`,
      'Declare replicas in other regions for deployed stages only.',
    );
  }
  const own = replicaMembers.filter((member) => replica[member] !== undefined);
  const refused = unsupported.filter((member) => replica[member] !== undefined);
  return {
    ...properties,
    ...Object.fromEntries([...own, ...refused].map((member) => [member, replica[member]])),
  };
}

function checkKeys({ AttributeDefinitions, KeySchema, ...table }: TableDefinition): void {
  const defined = AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  const indexes = [...table.GlobalSecondaryIndexes, ...table.LocalSecondaryIndexes];
  const schemas = [KeySchema, ...indexes.map((one) => one.KeySchema)];
  for (const schema of schemas) {
    const keys = schema.map(({ AttributeName }) => AttributeName);
    if (schema[0]?.KeyType !== 'HASH' || (schema[1] !== undefined && schema[1].KeyType !== 'RANGE')) {
      throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
    }
    if (keys.some((key) => !defined.includes(key))) {
      throw invalid(
        'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. ' +
          `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
      );
    }
  }
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  if (defined.some((name) => !used.has(name))) {
    throw invalid(
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of ' +
        'attributes defined in AttributeDefinitions',
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
