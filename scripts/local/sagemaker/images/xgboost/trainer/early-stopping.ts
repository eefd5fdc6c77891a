import { EVAL_METRICS } from './metrics.ts';

/** Value of one metric on one data set after a round, e.g. `validation`, `auc`, 0.98. */
export interface Evaluation {
  readonly dataset: 'train' | 'validation';
  readonly metric: string;
  readonly value: number;
}

/** Follows the last metric on the validation set, as XGBoost's early stopping does. */
export class EarlyStopping {
  readonly #patience: number | undefined;
  #bestRound = -1;
  #bestValue = Number.NaN;

  /** @param patience rounds without improvement after which to stop; never when absent. */
  constructor(patience: number | undefined) {
    this.#patience = patience;
  }

  shouldStop(round: number, evaluations: readonly Evaluation[]): boolean {
    const last = evaluations[evaluations.length - 1];
    if (this.#patience === undefined || last === undefined) return false;
    const maximize = EVAL_METRICS[last.metric]?.maximize === true;
    const better = maximize ? last.value > this.#bestValue : last.value < this.#bestValue;
    if (this.#bestRound < 0 || better) {
      this.#bestRound = round;
      this.#bestValue = last.value;
    }
    return round - this.#bestRound >= this.#patience;
  }

  roundsToKeep(trained: number): number {
    return this.#bestRound < 0 ? trained : this.#bestRound + 1;
  }

  attributes(): Record<string, string> {
    if (this.#bestRound < 0) return {};
    return { best_iteration: String(this.#bestRound), best_score: String(this.#bestValue) };
  }
}
