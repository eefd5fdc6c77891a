import { AwsError, type AwsRequest } from '../emulated-service.ts';
import type { S3Call, S3Operation } from './call.ts';
import type { DeleteMarker, Version } from './types.ts';
import { listOf, parseXml, xmlResponse } from './xml.ts';

const maxKeys = 1000;

/** What a delete did: which version went or which marker came. */
interface Deletion {
  readonly versionId: string | undefined;
  readonly isMarker: boolean;
}

export const deleteObject: S3Operation = async (call) => {
  const versionId = call.request.query.get('versionId') ?? undefined;
  const current = call.bucket.current(call.key);
  const ifMatch = call.request.headers['if-match'];
  if (
    ifMatch !== undefined &&
    current?.kind === 'object' &&
    ifMatch.replaceAll('"', '') !== current.etag &&
    ifMatch !== '*'
  ) {
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
      {
        Condition: 'If-Match',
      },
    );
  }
  const deletion = deleteOne(call, call.key, versionId);
  return {
    status: 204,
    headers: {
      ...(deletion.versionId === undefined ? {} : { 'x-amz-version-id': deletion.versionId }),
      ...(deletion.isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    },
  };
};

export const deleteObjects: S3Operation = async (call) => {
  const { objects, isQuiet } = await readDeleteRequest(call.request);
  const deleted = objects.map(({ key, versionId }) => {
    const deletion = deleteOne(call, key, versionId);
    const marker = deletion.isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: deletion.versionId } : {};
    return { Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }), ...marker };
  });
  return xmlResponse('DeleteResult', isQuiet ? {} : { Deleted: deleted });
};

/** The keys of DeleteObjects; throws MalformedXML for none or more than 1000. */
export async function readDeleteRequest(
  request: AwsRequest,
): Promise<{ objects: { key: string; versionId: string | undefined }[]; isQuiet: boolean }> {
  const body = parseXml(await request.bytes(), 'Delete');
  const objects = listOf(body['Object']).map(({ Key, VersionId }) => ({
    key: String(Key),
    versionId: VersionId === undefined ? undefined : String(VersionId),
  }));
  if (objects.length >= 1 && objects.length <= maxKeys) return { objects, isQuiet: body['Quiet'] === 'true' };
  throw new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** Deletes a version for good, or the current one: for good without versioning, by a marker with it. */
function deleteOne(call: S3Call, key: string, versionId: string | undefined): Deletion {
  const { bucket } = call;
  if (versionId !== undefined) return deleteVersion(call, key, versionId);
  if (bucket.settings.versioning === 'Off') {
    const current = bucket.current(key);
    if (current !== undefined) removeForGood(call, current);
    return { versionId: undefined, isMarker: false };
  }
  const marker: DeleteMarker = {
    kind: 'marker',
    key,
    versionId: bucket.newVersionId(),
    lastModifiedMs: call.context.now(),
  };
  const event = call.notifications.deleted(bucket, marker, 'Delete Marker Created', call.request);
  bucket.put(marker, event);
  call.notifications.send(bucket, event);
  return { versionId: marker.versionId, isMarker: true };
}

/** A version that is not there counts as deleted. */
function deleteVersion(call: S3Call, key: string, versionId: string): Deletion {
  const version = call.bucket.versionsOf(key).find((one) => one.versionId === versionId);
  if (version !== undefined) removeForGood(call, version);
  return { versionId, isMarker: version?.kind === 'marker' };
}

function removeForGood({ bucket, notifications, request }: S3Call, version: Version): void {
  const event = notifications.deleted(bucket, version, 'Permanently Deleted', request);
  bucket.remove(version.key, version.versionId, event);
  notifications.send(bucket, event);
}
