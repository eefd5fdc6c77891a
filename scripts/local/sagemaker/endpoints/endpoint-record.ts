import type { ProductionVariant } from '../api/hosting-inputs.ts';
import type { Tags } from '../api/members.ts';
import type { ModelRecord } from '../serving/model-record.ts';
import type { StateChange } from '../state-change-events.ts';

type EndpointStatus = 'Creating' | 'InService' | 'Updating' | 'RollingBack' | 'Deleting' | 'Failed';

/** A variant that serves, with its model as it was when the variant was deployed. */
export interface DeployedVariant {
  readonly variant: ProductionVariant;
  readonly model: ModelRecord;
  readonly weight: number;
}

/** What serves: one endpoint configuration, in a folder of its own by number. */
export interface Deployment {
  readonly configName: string;
  readonly number: number;
  readonly variants: readonly DeployedVariant[];
}

/** An endpoint as kept on disk; times in milliseconds since the epoch. */
export interface EndpointRecord {
  readonly arn: string;
  readonly name: string;
  readonly status: EndpointStatus;
  readonly creationTimeMs: number;
  readonly lastModifiedTimeMs: number;
  readonly tags: Tags;
  readonly failureReason?: string;
  /** What serves now; absent before the first deployment stands. */
  readonly current?: Deployment;
  /** What is on its way to serve. */
  readonly pending?: Deployment;
}

/** Answer of DescribeEndpoint. */
export function describeEndpoint(record: EndpointRecord): Record<string, unknown> {
  const shown = record.current ?? record.pending;
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    EndpointConfigName: shown?.configName,
    EndpointStatus: record.status,
    CreationTime: record.creationTimeMs / 1000,
    LastModifiedTime: record.lastModifiedTimeMs / 1000,
    ...(record.current === undefined
      ? {}
      : { ProductionVariants: record.current.variants.map((deployed) => variantSummary(deployed, record)) }),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
  };
}

function variantSummary(
  { variant, model, weight }: DeployedVariant,
  record: EndpointRecord,
): Record<string, unknown> {
  const image = model.input.PrimaryContainer.Image;
  const { ServerlessConfig, InitialInstanceCount } = variant;
  return {
    VariantName: variant.VariantName,
    DeployedImages: [
      { SpecifiedImage: image, ResolvedImage: image, ResolutionTime: record.lastModifiedTimeMs / 1000 },
    ],
    CurrentWeight: weight,
    DesiredWeight: weight,
    ...(ServerlessConfig === undefined
      ? { CurrentInstanceCount: InitialInstanceCount, DesiredInstanceCount: InitialInstanceCount }
      : {
          CurrentInstanceCount: 0,
          CurrentServerlessConfig: ServerlessConfig,
          DesiredServerlessConfig: ServerlessConfig,
        }),
  };
}

/** The state-change event: its status is in upper case with underscores, unlike the API's; times are milliseconds. */
export function endpointEvent(record: EndpointRecord, status: string = record.status): StateChange {
  const {
    CreationTime: _created,
    LastModifiedTime: _modified,
    EndpointStatus: _status,
    ...shown
  } = describeEndpoint(record);
  return {
    detailType: 'SageMaker Endpoint State Change',
    resourceArn: record.arn,
    detail: {
      ...shown,
      EndpointStatus: status.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
      CreationTime: record.creationTimeMs,
      LastModifiedTime: record.lastModifiedTimeMs,
      Tags: Object.fromEntries(record.tags.map(({ Key, Value }) => [Key, Value])),
    },
  };
}
