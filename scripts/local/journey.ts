import { once } from 'node:events';
import type { Endpoints } from './host/endpoints.ts';

/** How the journey is followed once the runtime is ready. */
export interface JourneyOptions {
  /** Whether to start the example project: on a fresh data folder, unless --no-example is given. */
  readonly startExample: boolean;
  /** Aborted when the runtime shall stop. */
  readonly signal: AbortSignal;
}

/** Follows what happens in the runtime until it is told to stop. */
export async function followJourney(_endpoints: Endpoints, options: JourneyOptions): Promise<void> {
  if (!options.signal.aborted) await once(options.signal, 'abort');
}
