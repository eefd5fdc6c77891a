import * as z from 'zod';
import { projectName } from '#shared/contracts/parts.ts';

/** What `plan-check` is called with. */
export const versionToCheck = z.object({ project: projectName, datasetVersion: z.int().min(1) });

/** What functions that check rows are called with. */
export const checkToRun = versionToCheck.extend({ checkId: z.string().min(1) });
