import type { AskAsAdmin, MlflowThings } from './mlflow-things.ts';

/** What a route of MLflow's API is asked for something of a project. */
export interface MlflowQuestion {
  /** Path parameters, query string and body. `unique` is another text at every call. */
  message(of: MlflowThings, unique: string): Readonly<Record<string, unknown>>;
  /** The body of a route that takes bytes. */
  readonly bytes?: string;
  headers?(of: MlflowThings): Readonly<Record<string, string>>;
  /** Of a search: what its answer shows to those who may see it, and to nobody else. */
  shows?(of: MlflowThings): string;
  /** Makes anew what it takes away, or what others would miss: every caller asks for things of its own. */
  readonly anew?: (ask: AskAsAdmin, of: MlflowThings) => Promise<Partial<MlflowThings>>;
  /** Whether it was done, where who may not is answered like who may. */
  readonly isDone?: (ask: AskAsAdmin, of: MlflowThings) => Promise<boolean>;
  /** The good answer, where it is none of status 200: what is asked for cannot be done, whoever asks. */
  readonly answer?: RegExp;
}

export type MlflowQuestions = Readonly<Record<string, MlflowQuestion>>;

export const run = ({ runId }: MlflowThings) => ({ run_id: runId });
export const experiment = ({ experimentId }: MlflowThings) => ({ experiment_id: experimentId });
export const experiments = ({ experimentId }: MlflowThings) => ({ experiment_ids: [experimentId] });
