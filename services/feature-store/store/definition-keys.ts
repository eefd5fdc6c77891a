import type { Key } from '#shared/aws/table.ts';

/** Numbers in keys have so many digits, so that text sorts as they do. */
const numberText = (number: number): string => String(number).padStart(6, '0');

export const revisionsKey = (project: string): string => `FEATURES#${project}`;
export const newestRevisionKey = (project: string): Key => ({ pk: revisionsKey(project), sk: 'REVISION' });
export const revisionKey = (project: string, projectRevision: number): Key => ({
  pk: revisionsKey(project),
  sk: `REVISION#${numberText(projectRevision)}`,
});

export const versionPrefix = 'V#';
export const viewPartition = (project: string, view: string): string => `VIEW#${project}#${view}`;
export const viewKey = (project: string, view: string, version: number): Key => ({
  pk: viewPartition(project, view),
  sk: `${versionPrefix}${numberText(version)}`,
});
export const servicePartition = (project: string, service: string): string => `SERVICE#${project}#${service}`;
export const serviceKey = (project: string, service: string, version: number): Key => ({
  pk: servicePartition(project, service),
  sk: `${versionPrefix}${numberText(version)}`,
});

export const pinPrefix = 'PIN#';
export const pinKey = (pin: {
  readonly project: string;
  readonly service: string;
  readonly version: number;
  readonly model: string;
  readonly modelVersion: number;
}): Key => ({
  pk: servicePartition(pin.project, pin.service),
  sk: `${pinPrefix}${numberText(pin.version)}#${pin.model}#${numberText(pin.modelVersion)}`,
});

/** Names of services that models of a project keep a version of. */
export const pinnedPartition = (project: string): string => `PINNED#${project}`;
export const pinnedPrefix = 'SERVICE#';
export const pinnedKey = (project: string, service: string): Key => ({
  pk: pinnedPartition(project),
  sk: `${pinnedPrefix}${service}`,
});

/** Partition of the index: projects whose newest revision declares feature views. */
export const projectsIndex = 'FEATURES';
