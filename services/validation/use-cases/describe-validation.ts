import type { ValidationReport } from '../contract.ts';
import { cureOf } from '../domain/cure.ts';
import type { Documents, Projects, ValidationStore } from '../ports.ts';
import { readValidation } from './read-validation.ts';

/**
 * The report of a version as people see it: where the newest version fails, with what they can do about it. Throws ValidationNotFound.
 */
export async function describeValidation(
  deps: { readonly store: ValidationStore; readonly documents: Documents; readonly projects: Projects },
  { project, datasetVersion }: { project: string; datasetVersion: number },
): Promise<ValidationReport & { cure?: string }> {
  const report = await readValidation(deps, { project, datasetVersion });
  if (report.verdict !== 'Fail') return report;
  const newest = await deps.store.newest(project);
  // What followed has a report of its own, with what can be done about that.
  if (newest?.datasetVersion !== datasetVersion) return report;
  const [lastGood, { definition }] = await Promise.all([
    deps.store.newestTrainable(project, datasetVersion),
    deps.projects.revision(project),
  ]);
  const { uploads } = definition.data;
  return {
    ...report,
    cure: cureOf({ project, datasetVersion, uploads, lastGood: lastGood?.datasetVersion }),
  };
}
