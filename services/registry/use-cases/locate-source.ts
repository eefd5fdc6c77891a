import type { S3Location } from '#shared/kernel/s3-uri.ts';
import { defaultProject } from '#shared/mlflow/ownership.ts';
import { readSource, type SourceStep } from '../domain/artifact-source.ts';
import type { Artifacts, ContentStore } from '../ports/content.ts';
import type { RegistryStore } from '../ports.ts';

export interface LocateDeps {
  readonly store: RegistryStore;
  readonly contents: ContentStore;
  readonly artifacts: Artifacts;
  readonly modelsBucket: string;
}

export type Located = { readonly location: S3Location } | { readonly reason: string };

/** A source may name a run, whose artifacts are named by their address; further names lead in circles. */
const maxSteps = 3;

/** Where the objects of a version's source lie, or why that cannot be said. Objects of other projects are not taken. */
export async function locateSource(deps: LocateDeps, project: string, source: string): Promise<Located> {
  let address = source;
  for (let step = 0; step < maxSteps; step++) {
    const next = await follow(deps, project, readSource(address, deps.modelsBucket));
    if (typeof next !== 'string') return next;
    address = next;
  }
  return { reason: `The source '${source.slice(0, 200)}' leads in a circle.` };
}

/** The next address, or the end of the search. */
async function follow(deps: LocateDeps, project: string, step: SourceStep): Promise<string | Located> {
  switch (step.kind) {
    case 'unverifiable':
      return { reason: step.reason };
    case 'objects': {
      const owner = await deps.artifacts.find('experiment', step.experimentId);
      if (!owner) return { reason: `There is no experiment ${step.experimentId}.` };
      return isOpenTo(project, owner.project)
        ? { location: step.location }
        : { reason: belongsElsewhere(owner.project) };
    }
    case 'run': {
      const run = await deps.artifacts.find('run', step.runId);
      if (!run) return { reason: `There is no run ${step.runId}.` };
      return step.path === '' ? run.artifactUri : `${run.artifactUri}/${step.path}`;
    }
    case 'loggedModel':
      return { reason: `There is no logged model ${step.modelId}.` };
    case 'version':
      return locationOfVersion(deps, project, step);
  }
}

async function locationOfVersion(
  { store, contents }: LocateDeps,
  project: string,
  { model, version, isAlias }: Extract<SourceStep, { kind: 'version' }>,
): Promise<Located> {
  const number = isAlias ? (await store.readAliases(model))[version] : Number(version);
  const recorded = number === undefined ? undefined : await contents.readContent(model, number);
  if (!recorded?.location)
    return { reason: `The bytes of version ${version} of '${model}' were not recorded.` };
  return isOpenTo(project, recorded.project)
    ? { location: recorded.location }
    : { reason: belongsElsewhere(recorded.project) };
}

/** Experiments of the default project are everybody's workbench. */
const isOpenTo = (project: string, owner: string): boolean => owner === project || owner === defaultProject;

const belongsElsewhere = (owner: string): string =>
  `The source belongs to project '${owner}'. Log the model to an experiment of the model's own project and register that.`;
