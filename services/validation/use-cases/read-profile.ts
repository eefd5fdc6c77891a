import type * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import type { DatasetProfile, readProfile as endpoint } from '../contract.ts';
import { compareProfiles } from '../domain/compare-profiles.ts';
import type { Documents, ValidationStore } from '../ports.ts';

/** What a version holds, and how it moved since another. Throws ProfileNotFound. */
export async function readProfile(
  deps: { readonly store: ValidationStore; readonly documents: Documents },
  {
    project,
    datasetVersion,
    against,
  }: { project: string; datasetVersion: number; against?: number | undefined },
): Promise<z.input<typeof endpoint.response>> {
  const profile = await profileOf(deps, project, datasetVersion);
  if (against === undefined) return profile;
  const older = await profileOf(deps, project, against);
  return { ...profile, against: { datasetVersion: against, changes: compareProfiles(profile, older) } };
}

async function profileOf(
  { store, documents }: { readonly store: ValidationStore; readonly documents: Documents },
  project: string,
  datasetVersion: number,
): Promise<DatasetProfile> {
  const found = await store.findProfile(project, datasetVersion);
  if (found) return documents.readProfile(found.profile);
  throw new AppError(
    'not_found',
    'ProfileNotFound',
    `Dataset version ${datasetVersion} of '${project}' has no profile. It is made with the validation, some seconds after the version; the list of versions shows which there are.`,
  );
}
