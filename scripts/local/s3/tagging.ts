import { findObject, type S3Call, type S3Operation } from './call.ts';
import { checkTags } from './object-headers.ts';
import type { ObjectVersion } from './types.ts';
import { listOf, parseXml, xmlResponse } from './xml.ts';

export const getObjectTagging: S3Operation = async (call) => {
  const version = findObject(call);
  return xmlResponse('Tagging', { TagSet: tagSet(version.tags) }, versionHeader(version));
};

export const putObjectTagging: S3Operation = async (call) => {
  const tagSetElement = listOf(parseXml(await call.request.bytes(), 'Tagging')['TagSet'])[0];
  const tags = listOf(tagSetElement?.['Tag']).map(({ Key, Value }) => [String(Key), String(Value)] as const);
  return replaceTags(call, checkTags(tags), 200);
};

export const deleteObjectTagging: S3Operation = async (call) => replaceTags(call, {}, 204);

/** Tags as the element `TagSet` holds them. */
export function tagSet(tags: Readonly<Record<string, string>>): Record<string, unknown> {
  return { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function replaceTags(call: S3Call, tags: Readonly<Record<string, string>>, status: number) {
  const version = findObject(call);
  call.bucket.tag(version.key, version.versionId, tags);
  return { status, headers: versionHeader(version) };
}

function versionHeader({ versionId }: ObjectVersion): Record<string, string> {
  return versionId === 'null' ? {} : { 'x-amz-version-id': versionId };
}
