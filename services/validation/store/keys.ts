import type { Key } from '#shared/aws/table.ts';

/** Numbers in keys have so many digits, so that text sorts as they do. */
export const versionText = (datasetVersion: number): string => String(datasetVersion).padStart(8, '0');

export const projectKey = (project: string): string => `PROJECT#${project}`;
export const versionPrefix = 'VERSION#';
export const suggestionPrefix = 'SUGGESTION#';
export const modelPrefix = 'MODEL#';
export const servingPrefix = 'SERVING#';

export const versionKey = (project: string, datasetVersion: number): Key => ({
  pk: projectKey(project),
  sk: `${versionPrefix}${versionText(datasetVersion)}`,
});
export const profileKey = (project: string, datasetVersion: number): Key => ({
  pk: projectKey(project),
  sk: `PROFILE#${versionText(datasetVersion)}`,
});
export const waitingKey = (project: string): Key => ({ pk: projectKey(project), sk: 'WAITING' });
export const suggestionKey = (project: string, datasetVersion: number, suggestionId: string): Key => ({
  pk: projectKey(project),
  sk: `${suggestionPrefix}${versionText(datasetVersion)}#${suggestionId}`,
});
export const modelKey = (project: string, model: string, modelVersion: number): Key => ({
  pk: projectKey(project),
  sk: `${modelPrefix}${model}#${versionText(modelVersion)}`,
});
export const servingKey = (project: string, model: string): Key => ({
  pk: projectKey(project),
  sk: `${servingPrefix}${model}`,
});

export const checkPartition = (project: string, datasetVersion: number): string =>
  `CHECK#${project}#${versionText(datasetVersion)}`;
export const checkKey = (check: {
  readonly project: string;
  readonly datasetVersion: number;
  readonly requestedAt: string;
  readonly checkId: string;
}): Key => ({
  pk: checkPartition(check.project, check.datasetVersion),
  sk: `${check.requestedAt}#${check.checkId}`,
});
export const jobKey = (jobName: string): Key => ({ pk: `JOB#${jobName}`, sk: 'JOB' });

/** Partitions of the index: checks that are not done, and projects whose data waits for a contract. */
export const unfinishedIndex = 'UNFINISHED';
export const waitingIndex = 'WAITING';
