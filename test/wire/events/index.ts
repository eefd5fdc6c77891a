export { deliverySuite } from './delivery.ts';
export { type PatternSubject, patternSuite } from './patterns.ts';
export type { EventsSubject } from './subject.ts';
