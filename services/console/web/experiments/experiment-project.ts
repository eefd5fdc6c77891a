import type { Experiment } from '../api/mlflow-entities.ts';

/** Tag that says which project an experiment belongs to, where its name does not. */
const projectTag = 'millrace.project';

/** The project of an experiment, as its tag says, or its name: `wine` and `wine/tuning` are of the project `wine`. */
export function projectOf({ name, tags }: Experiment, projects: ReadonlySet<string>): string | undefined {
  const tagged = tags.get(projectTag);
  if (tagged !== undefined) return tagged;
  const [first = ''] = name.split(/[/.]/);
  return projects.has(first) ? first : undefined;
}
