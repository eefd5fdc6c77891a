/** Last value of a metric, as DescribeTrainingJob shows it. */
export interface FinalMetric {
  readonly MetricName: string;
  readonly Value: number;
  /** Seconds since the epoch. */
  readonly Timestamp: number;
}

/** Reads an algorithm's metrics from its log lines and keeps the last value of each, in order of first appearance. */
export class FinalMetrics {
  readonly #pattern: RegExp;
  readonly #last = new Map<string, FinalMetric>();

  /** @param pattern global; its groups are data set, metric and value. */
  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  read(line: string, timeMs: number): void {
    for (const [, dataset, metric, text] of line.matchAll(this.#pattern)) {
      const name = `${dataset}:${metric}`;
      const value = Number(text);
      if (Number.isFinite(value))
        this.#last.set(name, { MetricName: name, Value: value, Timestamp: Math.floor(timeMs / 1000) });
    }
  }

  list(): FinalMetric[] {
    return [...this.#last.values()];
  }
}
