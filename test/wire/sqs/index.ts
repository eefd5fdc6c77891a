import type { WireSuite } from '../suite.ts';
import { messageSuite } from './messages.ts';
import { queueSuite } from './queues.ts';
import type { SqsSubject } from './subject.ts';

export type { SqsSubject } from './subject.ts';

/** What the platform relies on in SQS: standard queues. */
export const sqsSuite: WireSuite<SqsSubject> = { ...messageSuite, ...queueSuite };
