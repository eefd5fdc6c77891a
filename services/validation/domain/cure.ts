/** What people can do about a version that fails, being the newest. */
export interface FailedVersion {
  readonly project: string;
  readonly datasetVersion: number;
  /** Whether the next upload adds to the newest version or takes its place. */
  readonly uploads: 'append' | 'replace';
  /** The newest older version that may be trained on. */
  readonly lastGood: number | undefined;
}

/** How the project gets good data again, as one or two sentences. */
export function cureOf({ project, datasetVersion, uploads, lastGood }: FailedVersion): string {
  if (uploads === 'replace') return 'Upload the corrected file: it takes the place of this version.';
  if (lastGood === undefined)
    return 'The next upload would be added to this version and fail with it, and no older version is good. Set data.uploads of the project to replace, upload the corrected file, and set it back to append.';
  return `The next upload would be added to this version and fail with it. Go back to the last good one with \`npx millrace data restore ${project} ${lastGood} --reason "version ${datasetVersion} fails its checks"\`, then upload the corrected file.`;
}
