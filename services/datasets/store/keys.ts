/** Keys of the datasets table, as several stores write them. */
export const partition = (project: string): string => `PROJECT#${project}`;
export const padded = (version: number): string => String(version).padStart(8, '0');

export const versionPrefix = 'VERSION#';
export const versionKey = (project: string, version: number) => ({
  pk: partition(project),
  sk: `${versionPrefix}${padded(version)}`,
});
export const newestKey = (project: string) => ({ pk: partition(project), sk: 'NEWEST' });
export const marksKey = (project: string, version: number) => ({
  pk: partition(project),
  sk: `MARKS#${padded(version)}`,
});
export const removalKey = (project: string) => ({ pk: partition(project), sk: 'REMOVAL' });
export const erasingKey = (project: string) => ({ pk: partition(project), sk: 'ERASING' });
/** Counts decisions to remove objects: an upload that found one there before such a decision is planned anew. */
export const objectsKey = (project: string) => ({ pk: partition(project), sk: 'OBJECTS' });
