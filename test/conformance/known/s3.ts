import type { KnownDifference, KnownDifferences } from '../../wire/suite.ts';

const apiReference = 'https://docs.aws.amazon.com/AmazonS3/latest/API';
const userGuide = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide';

const copyObject = `${apiReference}/API_CopyObject.html`;
const integrity = `${userGuide}/checking-object-integrity.html`;
const takesParts = (does: string) => ({ does, source: `${apiReference}/API_CompleteMultipartUpload.html` });
const onAlgorithms = (difference: KnownDifference): KnownDifferences =>
  Object.fromEntries(
    ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'].map((algorithm) => [
      `refuses a wrong ${algorithm} and takes the right one`,
      difference,
    ]),
  );
const namesNoEncryption = { does: 'names no encryption', source: `${userGuide}/default-encryption-faq.html` };
const takesLongKeys = { does: 'takes longer keys', source: `${userGuide}/object-keys.html` };

export const motoDifferences: KnownDifferences = {
  'encrypts by itself': namesNoEncryption,
  ...onAlgorithms({ does: 'does not compare checksums', source: integrity }),
  'refuses a wrong Content-MD5': { does: 'does not compare it', source: integrity },
  'keeps the checksum that the SDK sends': { does: 'gives no ChecksumType', source: integrity },
  'describes an object by its attributes': {
    does: 'gives neither size nor checksum',
    source: `${apiReference}/API_GetObjectAttributes.html`,
  },
  'refuses a key of more than 1024 bytes': takesLongKeys,
  'refuses a presigned address that is used for another object or too late': {
    does: 'checks no signatures',
    source: `${userGuide}/using-presigned-url.html`,
  },
  'copies an object with its metadata, or with other metadata': {
    does: 'ignores the conditions of a copy',
    source: copyObject,
  },
  'reads a part of an object by its number': {
    does: 'gives the whole object',
    source: `${apiReference}/API_GetObject.html`,
  },
  'makes the checksum of an object from those of its parts': takesParts('answers without a checksum'),
  'refuses parts in another order': takesParts('looks at the size of the parts first'),
  'forgets an upload that is given up': {
    does: 'answers a part that comes too late with a page that is no XML',
    source: `${apiReference}/API_UploadPart.html`,
  },
};

export const ministackDifferences: KnownDifferences = {
  'encrypts by itself': namesNoEncryption,
  ...onAlgorithms({
    does: 'answers a write without the checksum that it was sent',
    source: `${apiReference}/API_PutObject.html`,
  }),
  'refuses a key of more than 1024 bytes': takesLongKeys,
  'refuses to copy an object onto itself without a change': {
    does: 'copies it',
    source: copyObject,
  },
  'refuses a part but the last that is smaller than 5 MiB': takesParts('takes small parts'),
  'refuses parts in another order': takesParts('takes parts in any order'),
};
