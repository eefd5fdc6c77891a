import * as z from 'zod';
import { defineTask } from '#shared/contracts/call.ts';
import { pathId, projectName } from '#shared/contracts/parts.ts';
import { featureName } from './definitions.ts';

/** Input of the machine `materialization`; its execution is named `<materializationId>-<attempt>`. */
export const materializationExecutionInput = z.object({
  project: projectName,
  view: featureName,
  version: z.int().min(1),
  materializationId: pathId,
  attempt: z.int().min(1),
});

/** Errors: DatasetNotTrainable, ViewTooLarge, MaterializationReplaced; ObjectGone (again: the newest is asked for). */
export const planMaterialization = defineTask({
  service: 'feature-store',
  name: 'plan-materialization',
  description:
    'Finds what is to be written: the newest visible row of every entity against what is online. Once per materialization.',
  input: materializationExecutionInput,
  output: z.object({ parts: z.int().min(0) }),
});

/** Errors: MaterializationReplaced (another one works on this view by now); what the online store throws when it is busy. */
export const writePart = defineTask({
  service: 'feature-store',
  name: 'write-part',
  description: 'Writes one part of the changes to the online store. A part that was written counts once.',
  input: materializationExecutionInput.extend({ part: z.int().min(0) }),
  output: z.object({}),
});

export const completeMaterialization = defineTask({
  service: 'feature-store',
  name: 'complete-materialization',
  description: 'Remembers what is online now and publishes FeaturesMaterialized.',
  input: materializationExecutionInput,
  output: z.object({}),
});

export const failMaterialization = defineTask({
  service: 'feature-store',
  name: 'fail-materialization',
  description: 'Ends a materialization that can be resumed: publishes MaterializationFailed.',
  input: materializationExecutionInput.extend({ error: z.string(), cause: z.string().max(32_768) }),
  output: z.object({}),
});
