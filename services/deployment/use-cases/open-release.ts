import type { ReleaseExecutionInput } from '#services/deployment/contract.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Projects, ReleaseStore } from '../ports.ts';

const secondsPerHour = 3600;

export interface OpenReleaseDeps {
  readonly store: ReleaseStore;
  readonly projects: Projects;
  readonly clock: Clock;
}

/** Records the release and answers what the project’s revision, with which the model was trained, says about it. */
export async function openRelease(deps: OpenReleaseDeps, { releaseId, version }: ReleaseExecutionInput) {
  const definition = await deps.projects.definition(version.project, version.projectRevision);
  const { project, model, modelVersion, artifact, trainingImage, signature } = version;
  const known = await deps.store.readRelease(project, releaseId);
  if (!known) {
    const release = {
      releaseId,
      project,
      model,
      modelVersion,
      artifact,
      trainingImage,
      signature,
      deployment: definition.deployment,
      status: 'open' as const,
      openedAt: deps.clock.now().toISOString(),
    };
    await deps.store.commit({ release, events: [] });
  }
  const { approvers, quorum, requesterMayApprove, expiresAfterHours } = definition.approval;
  return {
    gatesPassed: version.evaluation.verdict === 'Pass',
    gateSummary: `The evaluation of version ${modelVersion} ended with ${version.evaluation.verdict}; its report is ${version.evaluation.report.uri}.`,
    approval: {
      approvers,
      quorum,
      requesterMayApprove,
      expiresAfterSeconds: Math.max(1, Math.round(expiresAfterHours * secondsPerHour)),
    },
    bakeSeconds: definition.deployment.canary.bakeSeconds,
    graceSeconds: definition.deployment.graceSeconds,
  };
}
