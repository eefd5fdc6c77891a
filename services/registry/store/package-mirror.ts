import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  type SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { sagemakerName } from '#shared/kernel/names.ts';
import type { MirroredVersion, PackageMirror } from '../ports/package-mirror.ts';

/** SageMaker says so under the name ValidationException. */
const existsAlready = /already exists/i;
const maxReasonLength = 1024;
const csv = ['text/csv'];

/** Copies versions to the group `millrace-<stage>-<project>-models`. */
export function createPackageMirror(client: SageMakerClient, stage: string): PackageMirror {
  return {
    async create(version) {
      const group = sagemakerName(stage, version.project, 'models');
      await ensureGroup(client, group, version.project);
      const { ModelPackageArn } = await client.send(
        new CreateModelPackageCommand({
          ModelPackageGroupName: group,
          ModelPackageDescription: version.description.slice(0, maxReasonLength),
          ModelApprovalStatus: 'PendingManualApproval',
          CustomerMetadataProperties: { ...version.properties },
          ...contentsOf(version),
          // The same version again is the same request: SageMaker answers with the package that it made.
          ClientToken: sha256Hex(`${group}#${version.modelVersion}`).slice(0, 36),
        }),
      );
      return ModelPackageArn!;
    },
    async setApproval(packageArn, status, reason) {
      await client.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: packageArn,
          ModelApprovalStatus: status,
          ApprovalDescription: reason.slice(0, maxReasonLength),
        }),
      );
    },
  };
}

function contentsOf({ inference, sourceUri, metricsReport }: MirroredVersion) {
  return {
    ...(inference
      ? {
          InferenceSpecification: {
            Containers: [{ Image: inference.image, ModelDataUrl: inference.modelDataUrl }],
            SupportedContentTypes: csv,
            SupportedResponseMIMETypes: csv,
          },
        }
      : {}),
    ...(sourceUri ? { SourceUri: sourceUri } : {}),
    ...(metricsReport
      ? {
          ModelMetrics: {
            ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: metricsReport } },
          },
        }
      : {}),
  };
}

async function ensureGroup(client: SageMakerClient, group: string, project: string): Promise<void> {
  try {
    await client.send(
      new CreateModelPackageGroupCommand({
        ModelPackageGroupName: group,
        ModelPackageGroupDescription: `Versions of the model of project ${project}, copied from Millrace.`,
        Tags: [{ Key: 'millrace:project', Value: project }],
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && existsAlready.test(error.message))) throw error;
  }
}
