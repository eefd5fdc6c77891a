import type * as z from 'zod';
import type { ModelVersionRegistered, ModelVersionRegisteredV2 } from '#events/registry.ts';
import type { MirroredVersion } from '../ports/package-mirror.ts';

/** SageMaker takes 50 properties; a few are the version's own. */
const maxMetrics = 40;
const maxValueLength = 256;
const maxKeyLength = 128;
/** What SageMaker takes in keys and values of properties. */
const notAllowed = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

const propertiesOf = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value ? [[clean(name, maxKeyLength), clean(value, maxValueLength)]] : [],
    ),
  );
const clean = (text: string, length: number): string => text.replaceAll(notAllowed, '_').slice(0, length);

/** A version that a training registered. */
export function trainedPackage(version: z.output<typeof ModelVersionRegistered.data>): MirroredVersion {
  const { project, model, modelVersion, artifact, trainingImage, evaluation, metrics, recipe } = version;
  return {
    project,
    model,
    modelVersion,
    description: `Version ${modelVersion} of ${model}, of training ${version.trainingId}.`,
    inference: { image: trainingImage, modelDataUrl: artifact.uri },
    metricsReport: evaluation.report.uri,
    properties: {
      ...propertiesOf({
        'millrace.modelVersion': String(modelVersion),
        'millrace.artifactSha256': artifact.sha256,
        'millrace.datasetSha256': recipe.datasetSha256,
        'millrace.trainingSetSha256': recipe.trainingSetSha256,
        'millrace.trainingId': version.trainingId,
        'millrace.runId': version.runId,
        'millrace.evaluation': evaluation.verdict,
      }),
      ...propertiesOf(
        Object.fromEntries(
          Object.entries(metrics)
            .slice(0, maxMetrics)
            .map(([name, value]) => [`metric.${name}`, String(value)]),
        ),
      ),
    },
  };
}

/** A version that a client registered: what serves it is made later, so it stands there by its source. */
export function clientPackage(version: z.output<typeof ModelVersionRegisteredV2.data>): MirroredVersion {
  const { project, model, modelVersion, content, createdBy, source, flavors } = version;
  return {
    project,
    model,
    modelVersion,
    description: `Version ${modelVersion} of ${model}, registered by ${clean(createdBy, maxValueLength)}.`,
    ...(content.manifest ? { sourceUri: content.manifest.uri } : {}),
    properties: propertiesOf({
      'millrace.modelVersion': String(modelVersion),
      'millrace.contentSha256': content.digest,
      'millrace.content': content.verdict,
      'millrace.source': source,
      'millrace.createdBy': createdBy,
      'millrace.flavors': flavors.join(' '),
      'millrace.runId': version.runId,
    }),
  };
}
