import * as z from 'zod';
import { pathId, projectName } from '#shared/contracts/parts.ts';

/** What functions that work on a retrieval are called with. */
export const retrievalToRun = z.object({ project: projectName, retrievalId: pathId });
