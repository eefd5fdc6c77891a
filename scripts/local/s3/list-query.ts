import { AwsError } from '../emulated-service.ts';

const largestPage = 1000;

/** What all listings of keys ask. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty: no rolling up. */
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly encodingType: 'url' | undefined;
}

/** Reads the query of a listing; throws InvalidArgument. */
export function readListQuery(query: URLSearchParams, maxName = 'max-keys'): ListQuery {
  const max = query.get(maxName);
  const maxKeys = max === null ? largestPage : Number(max);
  const encodingType = query.get('encoding-type');
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new AwsError('InvalidArgument', `Provided ${maxName} not an integer or within integer range`, 400, {
      ArgumentName: maxName,
      ArgumentValue: String(max),
    });
  }
  if (encodingType !== null && encodingType !== 'url') {
    throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request', 400, {
      ArgumentName: 'encoding-type',
      ArgumentValue: encodingType,
    });
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(maxKeys, largestPage),
    encodingType: encodingType ?? undefined,
  };
}

/** A key as the answer shows it: percent-encoded where the request asks for that, slashes kept. */
export function encodeKey(key: string, { encodingType }: Pick<ListQuery, 'encodingType'>): string {
  return encodingType === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key;
}
