import type { Scorer } from '../domain/scorer.ts';
import type { Revision } from './revisions.ts';

export interface ScorerStore {
  /** Consistent. */
  read(experimentId: string, name: string): Promise<Revision<Scorer> | undefined>;
  /** By name; consistent. */
  ofExperiment(experimentId: string): Promise<readonly Scorer[]>;
  /** Says whether it was written: not where somebody wrote in between. `before` is undefined for a new one. */
  write(scorer: Scorer, before: Revision<Scorer> | undefined): Promise<boolean>;
  delete(experimentId: string, name: string): Promise<void>;
}
