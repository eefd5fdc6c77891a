import { findArtifacts } from '#services/tracking/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import type { ArtifactPlaces } from '../ports/places.ts';

/** Asks tracking where artifacts are. */
export function createArtifactPlaces(stage: string): ArtifactPlaces {
  return {
    run: async (runId) => (await ask(stage, findArtifacts, { of: 'run', id: runId })).found,
    loggedModel: async (modelId) =>
      (await ask(stage, findArtifacts, { of: 'logged-model', id: modelId })).found,
  };
}
