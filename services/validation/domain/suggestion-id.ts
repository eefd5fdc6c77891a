/** Ids of suggestions begin with the number of the version that they are of. */
export const suggestionIdOf = (datasetVersion: number, checkId: string): string =>
  `${datasetVersion}-${checkId}`;

/** The version that a suggestion is of; undefined for what is no id of one. */
export function versionOfSuggestion(suggestionId: string): number | undefined {
  const [, number] = /^([1-9]\d{0,7})-/.exec(suggestionId) ?? [];
  return number === undefined ? undefined : Number(number);
}
