import { AppError } from '#shared/kernel/errors.ts';

/** Stages of a version, MLflow's way before aliases. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

/** Stages from which others are archived. */
const activeStages: readonly Stage[] = ['Staging', 'Production'];

/** The stage that a client means, in any case. Throws InvalidParameter. */
export function canonicalStage(text: string): Stage {
  const found = stages.find((stage) => stage.toLowerCase() === text.toLowerCase());
  if (found) return found;
  throw new AppError(
    'invalid_input',
    'InvalidParameter',
    `Invalid Model Version stage: ${text.slice(0, 100)}. Value must be one of ${stages.join(', ')}.`,
  );
}

/** Throws InvalidParameter: only those in Staging and Production make room for another. */
export function assertArchivable(stage: Stage): void {
  if (activeStages.includes(stage)) return;
  throw new AppError(
    'invalid_input',
    'InvalidParameter',
    `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
  );
}

/** The newest version of each stage. */
export function latestByStage(
  versions: readonly { readonly modelVersion: number; readonly stage: Stage }[],
): Readonly<Partial<Record<Stage, number>>> {
  const latest: Partial<Record<Stage, number>> = {};
  for (const { modelVersion, stage } of versions) latest[stage] = Math.max(latest[stage] ?? 0, modelVersion);
  return latest;
}
