import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { getText, s3Client } from '#shared/aws/objects.ts';
import type { ObjectVersionRef } from '#shared/contracts/object-versions.ts';
import { formatS3Uri } from '#shared/kernel/s3-uri.ts';
import { parsePart, partName } from '../engine/changed-entities.ts';
import type { MaterializationFiles, ViewKey } from '../ports.ts';

interface FolderOf extends Omit<ViewKey, 'version'> {
  readonly materializationId: string;
}

/** Where the files of a materialization lie in the data bucket. */
export const folderOf = ({ project, view, materializationId }: FolderOf): string =>
  `feature-store/${project}/materializations/${view}/${materializationId}/`;

/** Files of materializations in the data bucket. */
export function createMaterializationFiles(dataBucket: string): MaterializationFiles {
  return {
    part: async (view, { folder }, part) => parsePart(view, await getText(`${folder}${partName(part)}`)),
    async remove({ project, view }, materializationIds, kept) {
      for (const materializationId of materializationIds) {
        const found = await versionsBelow(dataBucket, folderOf({ project, view, materializationId }));
        await objectVersions.remove(
          found.filter(({ bucket, key }) => formatS3Uri({ bucket, key }) !== kept.uri),
        );
      }
    },
  };
}

async function versionsBelow(bucket: string, prefix: string): Promise<ObjectVersionRef[]> {
  const found: ObjectVersionRef[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (markers) {
    const page: Awaited<ReturnType<typeof list>> = await list(bucket, prefix, markers);
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
      if (Key !== undefined && VersionId !== undefined)
        found.push({ bucket, key: Key, versionId: VersionId });
    markers = page.IsTruncated
      ? {
          KeyMarker: page.NextKeyMarker!,
          ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
        }
      : undefined;
  }
  return found;
}

const list = (bucket: string, prefix: string, markers: object) =>
  s3Client().send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...markers }));
