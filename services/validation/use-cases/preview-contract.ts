import type * as z from 'zod';
import { contractOf, type DataContract } from '#services/projects/contract.ts';
import type { previewContract as endpoint } from '../contract.ts';
import { consumersOf, contractChanges } from '../domain/contract-changes.ts';
import type { ConsumerStore, Projects } from '../ports.ts';

/** What a contract would change against that of the newest revision, and what depends on that. Throws ProjectNotFound. */
export async function previewContract(
  { projects, consumers }: { readonly projects: Projects; readonly consumers: ConsumerStore },
  project: string,
  contract: DataContract,
): Promise<z.input<typeof endpoint.response>> {
  const [revision, models] = await Promise.all([projects.revision(project), consumers.list(project)]);
  const readers = models.map(({ modelVersion, features, serving }) => ({
    modelVersion,
    inputs: features,
    serving,
  }));
  const changes = consumersOf(contractChanges(contractOf(revision.definition), contract), readers);
  return { againstRevision: revision.revision, changes, breaking: changes.some(({ breaking }) => breaking) };
}
