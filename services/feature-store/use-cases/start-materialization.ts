import type * as z from 'zod';
import type { MaterializationRequested } from '#events/feature-store.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { MaterializationMachine } from '../ports.ts';

/** Starts the execution of a materialization that was asked for. Again: nothing. */
export async function startMaterialization(
  { machine }: { readonly machine: MaterializationMachine },
  { metadata, data }: { metadata: EventMetadata; data: z.output<typeof MaterializationRequested.data> },
): Promise<void> {
  const { project, view, version, materializationId, attempt } = data;
  const input = { project, view, version, materializationId, attempt };
  await machine.start(`${materializationId}-${attempt}`, { metadata, input });
}
