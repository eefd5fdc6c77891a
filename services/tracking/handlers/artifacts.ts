import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { mlflowEnvironment } from '../env.ts';
import { createArtifactStore } from '../store/artifact-store.ts';
import { createHeads } from '../store/heads-store.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import type { ArtifactDeps } from '../use-cases/artifact-access.ts';

/** What the routes of artifacts need. */
export function artifactDeps(): ArtifactDeps {
  const { TABLE_NAME, MODELS_BUCKET } = readEnvironment(mlflowEnvironment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    heads: createHeads(table),
    artifacts: createArtifactStore(MODELS_BUCKET),
    sealed: createSealedSources(table),
  };
}
