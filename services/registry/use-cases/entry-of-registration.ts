import type { VersionEntry } from '../ports/models.ts';
import type { RegisteredVersion } from '../ports.ts';

/** A version that a training registered, as clients of MLflow's API see it until somebody changes it. */
export function entryOfRegistration(modelId: string, version: RegisteredVersion): VersionEntry {
  const { modelVersion, runId, artifact, requestedBy, createdAt, status } = version;
  return {
    modelId,
    modelVersion,
    source: artifact.uri,
    runId,
    tags: tagsOf(version),
    stage: 'None',
    status,
    createdBy: requestedBy,
    createdAt,
    updatedAt: createdAt,
    revision: 0,
  };
}

/** What a training knows of its model: MLflow's messages have no place of their own for it. */
function tagsOf(version: RegisteredVersion): Record<string, string> {
  const { project, trainingId, recipe, evaluation, metrics, artifact } = version;
  return {
    'millrace.project': project,
    'millrace.trainingId': trainingId,
    'millrace.datasetVersion': String(recipe.datasetVersion),
    'millrace.evaluation': evaluation.verdict,
    'millrace.artifactSha256': artifact.sha256,
    ...Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [`millrace.metric.${name}`, String(value)]),
    ),
  };
}
