import type { WireSuite } from '../suite.ts';
import { definitionSuite } from './definitions.ts';
import { errorSuite } from './errors.ts';
import { executionSuite } from './executions.ts';
import { flowSuite } from './flow.ts';
import type { StatesSubject } from './subject.ts';
import { tokenSuite } from './tokens.ts';

export { openMailbox } from './mailbox.ts';
export type { StatesSubject } from './subject.ts';

/** What the journeys rely on in Step Functions: standard machines in JSONata that call functions. */
export const statesSuite: WireSuite<StatesSubject> = {
  ...flowSuite,
  ...errorSuite,
  ...tokenSuite,
  ...executionSuite,
  ...definitionSuite,
};
