import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

export const governanceEnvironment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });
