import { sha256Hex } from '#shared/kernel/hash.ts';

/** MLflow's clients take any decimal number for an experiment; 18 digits are what MLflow itself makes where it does not count. */
const experimentDigits = 18;
const runDigits = 32;

/** The experiment of a project: the same name has the same id, so that nothing must be looked up. */
export function experimentIdOf(project: string): string {
  const number = BigInt(`0x${sha256Hex(`experiment:${project}`)}`) % 10n ** BigInt(experimentDigits);
  return number.toString().padStart(experimentDigits, '0');
}

/** The run of a training: 32 hexadecimal digits as MLflow's run ids, the same for the same training. */
export function runIdOf(trainingId: string): string {
  return sha256Hex(`run:${trainingId}`).slice(0, runDigits);
}
