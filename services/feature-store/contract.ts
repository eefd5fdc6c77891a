export * from './contract/definitions.ts';
export * from './contract/historical.ts';
export * from './contract/materialization.ts';
export * from './contract/materialization-tasks.ts';
export * from './contract/online.ts';
export * from './contract/oversight.ts';
export * from './contract/serving.ts';
export * from './contract/training-set.ts';

import { definitionEndpoints } from './contract/definitions.ts';
import { historicalEndpoints } from './contract/historical.ts';
import { materializationEndpoints } from './contract/materialization.ts';
import { onlineEndpoints } from './contract/online.ts';
import { oversightEndpoints } from './contract/oversight.ts';

export const endpoints = [
  ...definitionEndpoints,
  ...onlineEndpoints,
  ...materializationEndpoints,
  ...historicalEndpoints,
  ...oversightEndpoints,
];
