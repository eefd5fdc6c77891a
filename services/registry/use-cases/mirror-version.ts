import { DeploymentCompleted, DeploymentRolledBack, ReleaseRejected } from '#events/deployment.ts';
import {
  ModelVersionQuarantined,
  ModelVersionRegistered,
  ModelVersionRegisteredV2,
} from '#events/registry.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type {
  ApprovalStatus,
  MirroredVersion,
  PackageMirror,
  PackageStore,
} from '../ports/package-mirror.ts';
import { clientPackage, trainedPackage } from './mirrored-version.ts';

export interface MirrorDeps {
  readonly mirror: PackageMirror;
  readonly packages: PackageStore;
}

/**
 * Copies a fact of a project's model to SageMaker's Model Registry: a registered version becomes a package that waits for approval, and
 * the end of its release decides on that. Facts may come twice and late; the last word of a package is that of the fact that came last.
 * Throws PackageMissing (unavailable) where the registration was not copied yet.
 */
export async function mirrorFact(deps: MirrorDeps, fact: DomainEvent): Promise<void> {
  const { detail } = fact;
  switch (fact.detailType) {
    case ModelVersionRegistered.detailType:
      return mirrorVersion(deps, trainedPackage(ModelVersionRegistered.data.parse(detail.data)));
    case ModelVersionRegisteredV2.detailType: {
      const version = ModelVersionRegisteredV2.data.parse(detail.data);
      // Other models of a project are nobody's to approve.
      return version.model === version.project ? mirrorVersion(deps, clientPackage(version)) : undefined;
    }
    case ModelVersionQuarantined.detailType: {
      const data = ModelVersionQuarantined.data.parse(detail.data);
      return data.model === data.project ? decide(deps, data, 'Rejected', data.reason) : undefined;
    }
    case DeploymentCompleted.detailType:
      return decide(deps, DeploymentCompleted.data.parse(detail.data), 'Approved', 'It serves all traffic.');
    case DeploymentRolledBack.detailType: {
      const data = DeploymentRolledBack.data.parse(detail.data);
      return decide(deps, data, 'Rejected', `Rolled back: ${data.reason}`);
    }
    case ReleaseRejected.detailType: {
      const data = ReleaseRejected.data.parse(detail.data);
      return decide(deps, data, 'Rejected', `${data.step}: ${data.reason}`);
    }
  }
}

async function mirrorVersion({ mirror, packages }: MirrorDeps, version: MirroredVersion): Promise<void> {
  const { project, modelVersion } = version;
  if (await packages.readPackage(project, modelVersion)) return;
  await packages.savePackage(project, modelVersion, await mirror.create(version));
}

async function decide(
  { mirror, packages }: MirrorDeps,
  { project, modelVersion }: { readonly project: string; readonly modelVersion: number },
  status: ApprovalStatus,
  reason: string,
): Promise<void> {
  const packageArn = await packages.readPackage(project, modelVersion);
  if (packageArn) return mirror.setApproval(packageArn, status, reason);
  throw new AppError(
    'unavailable',
    'PackageMissing',
    `Version ${modelVersion} of '${project}' has no package in SageMaker's Model Registry yet, whose approval would become ${status}. Versions that were registered before the mirror was turned on have none.`,
  );
}
