import type { WireSuite } from '../suite.ts';
import { conditionSuite } from './conditions.ts';
import { listingSuite } from './listings.ts';
import { multipartSuite } from './multipart.ts';
import { objectSuite } from './objects.ts';
import type { S3Subject } from './subject.ts';

export { bucketNames, type S3Subject } from './subject.ts';

/** What the platform relies on in S3. */
export const s3Suite: WireSuite<S3Subject> = {
  ...objectSuite,
  ...conditionSuite,
  ...listingSuite,
  ...multipartSuite,
};
