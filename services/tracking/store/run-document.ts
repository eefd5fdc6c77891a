import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { artifactUriOf, defaultArtifactLocation } from '../domain/experiment.ts';
import type { TrackedRun } from '../domain/run.ts';

/**
 * What is in a run's item besides what conditions and the index need: one JSON text, so that a search of 10,000 runs reads no
 * map of typed values. A long text is deflated: MLflow's params and tags become a tenth of it.
 */
export type StoredDocument = string | Uint8Array;

const deflateFromBytes = 4096;

type Head = 'runId' | 'experimentId' | 'project' | 'lifecycleStage';

export function encodeDocument(run: TrackedRun): StoredDocument {
  const { runId, experimentId, project: _project, lifecycleStage: _stage, artifactUri, ...rest } = run;
  const isDefault = artifactUri === artifactUriOf(defaultArtifactLocation(experimentId), runId);
  const text = JSON.stringify(isDefault ? rest : { ...rest, artifactUri });
  return text.length < deflateFromBytes ? text : deflateRawSync(text, { level: 1 });
}

export function decodeDocument(head: Pick<TrackedRun, Head>, stored: StoredDocument): TrackedRun {
  const text = typeof stored === 'string' ? stored : inflateRawSync(stored).toString('utf8');
  const document = JSON.parse(text) as Omit<TrackedRun, Head | 'artifactUri'> & { artifactUri?: string };
  const artifactUri =
    document.artifactUri ?? artifactUriOf(defaultArtifactLocation(head.experimentId), head.runId);
  const { runId, experimentId, project, lifecycleStage } = head;
  return { runId, experimentId, project, lifecycleStage, ...document, artifactUri };
}
