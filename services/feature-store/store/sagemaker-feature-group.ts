import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateFeatureGroupCommand,
  type CreateFeatureGroupCommandInput,
  DescribeFeatureGroupCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { AppError } from '#shared/kernel/errors.ts';
import { type FeatureViewVersion, featureGroupHistoryPrefix } from '../contract.ts';
import { featureDefinitions, featureGroupName, recordFeatures } from './sagemaker-records.ts';

/** Where and as whom SageMaker keeps what groups hold. */
export interface FeatureGroupSettings {
  readonly stage: string;
  readonly dataBucket: string;
  /** The role that may write the offline store, and nothing else. */
  readonly roleArn: string;
  readonly encryptionKeyArn?: string;
}

/** The groups of views whose values SageMaker keeps. */
export interface FeatureGroups {
  /**
   * Creates the group of a version of a view where there is none, and waits until records can be written. Throws FeatureGroupFailed
   * (precondition_failed), and FeatureGroupPending (unavailable) where it takes longer than SageMaker usually does.
   */
  ensure(view: FeatureViewVersion): Promise<void>;
}

/** SageMaker says some seconds to a minute. */
const patience = { looks: 60, everyMs: 2000 };

export function createFeatureGroups(
  client: SageMakerClient,
  settings: FeatureGroupSettings,
  { looks, everyMs } = patience,
): FeatureGroups {
  const ready = new Set<string>();
  return {
    async ensure(view) {
      const name = featureGroupName(settings.stage, view);
      if (ready.has(name)) return;
      for (let look = 0; look < looks; look++) {
        const status = await statusOf(client, name);
        if (status === 'Created') {
          ready.add(name);
          return;
        }
        if (status === undefined) await create(client, groupOf(view, name, settings));
        await wait(everyMs);
      }
      throw new AppError(
        'unavailable',
        'FeatureGroupPending',
        `SageMaker is still creating the feature group '${name}' of view '${view.view}'. Try again in some minutes.`,
      );
    },
  };
}

/** Undefined where there is none. */
async function statusOf(client: SageMakerClient, name: string): Promise<string | undefined> {
  try {
    const group = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
    const { FeatureGroupStatus = 'Creating', FailureReason = 'no reason is given' } = group;
    if (FeatureGroupStatus === 'Created' || FeatureGroupStatus === 'Creating') return FeatureGroupStatus;
    throw new AppError(
      'precondition_failed',
      'FeatureGroupFailed',
      `SageMaker's feature group '${name}' is ${FeatureGroupStatus}: ${FailureReason}. Delete the group, and it is created anew.`,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFound') return undefined;
    throw error;
  }
}

/** Another one may have created it meanwhile. */
async function create(client: SageMakerClient, input: CreateFeatureGroupCommandInput): Promise<void> {
  try {
    await client.send(new CreateFeatureGroupCommand(input));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceInUse') throw error;
  }
}

function groupOf(
  view: FeatureViewVersion,
  name: string,
  { dataBucket, roleArn, encryptionKeyArn, stage }: FeatureGroupSettings,
): CreateFeatureGroupCommandInput {
  const key = encryptionKeyArn ? { KmsKeyId: encryptionKeyArn } : {};
  return {
    FeatureGroupName: name,
    RecordIdentifierFeatureName: recordFeatures.key,
    EventTimeFeatureName: recordFeatures.order,
    FeatureDefinitions: featureDefinitions(view),
    OnlineStoreConfig: {
      EnableOnlineStore: true,
      ...(encryptionKeyArn ? { SecurityConfig: key } : {}),
    },
    OfflineStoreConfig: {
      S3StorageConfig: { S3Uri: `s3://${dataBucket}/${featureGroupHistoryPrefix}${view.project}`, ...key },
      // The platform reads its own history, and the role may not write a catalogue.
      DisableGlueTableCreation: true,
    },
    RoleArn: roleArn,
    Description: `Version ${view.version} of feature view ${view.view}`,
    Tags: [
      { Key: 'millrace:stage', Value: stage },
      { Key: 'millrace:project', Value: view.project },
      { Key: 'millrace:feature-view', Value: view.view },
    ],
  };
}
