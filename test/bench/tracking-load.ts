/** How much is asked of a tracking server. */
export const createdRuns = 200;
export const loggedMetrics = 400;
export const batches = 20;
/** MLflow's limit of metrics in one request. */
export const batchPoints = 1000;
export const searchedRuns = 10_000;
export const historyPoints = 100_000;
const historyPage = 25_000;
const seedingConnections = 8;

/** A server that speaks MLflow's REST API, asked over kept-alive connections. */
export class TrackingServer {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async experiment(name: string): Promise<string> {
    const { experiment_id: id } = await this.#post<{ experiment_id: string }>('experiments/create', { name });
    return id;
  }

  async run(experimentId: string, startTimeMs = Date.now()): Promise<string> {
    const message = { experiment_id: experimentId, user_id: 'bench', start_time: startTimeMs };
    const { run } = await this.#post<{ run: { info: { run_id: string } } }>('runs/create', message);
    return run.info.run_id;
  }

  async metric(runId: string, step: number): Promise<void> {
    await this.#post('runs/log-metric', {
      run_id: runId,
      key: 'loss',
      value: 1 / (step + 1),
      timestamp: step,
      step,
    });
  }

  /** `points` of one metric in one request, from `first` on. */
  async batch(runId: string, first: number, points: number): Promise<void> {
    const metrics = Array.from({ length: points }, (_one, at) => ({
      key: 'loss',
      value: Math.sin(first + at),
      timestamp: 1_700_000_000_000 + (first + at) * 10,
      step: first + at,
    }));
    await this.#post('runs/log-batch', { run_id: runId, metrics });
  }

  /** Fills an experiment with runs of five metrics, a param and a tag each. */
  async seed(experimentId: string, count: number): Promise<void> {
    let next = 0;
    const fill = async () => {
      for (let at = next++; at < count; at = next++) {
        const runId = await this.run(experimentId, seededStartMs(at));
        const metrics = seededMetrics(at).map(([key, value]) => ({ key, value, timestamp: 1, step: 1 }));
        const params = [{ key: 'depth', value: String(at % 10) }];
        await this.#post('runs/log-batch', {
          run_id: runId,
          metrics,
          params,
          tags: [{ key: 'kind', value: `k${at % 3}` }],
        });
      }
    };
    await Promise.all(Array.from({ length: seedingConnections }, fill));
  }

  /** The 100 best of the runs of an experiment by a metric; answers how many came. */
  async search(experimentId: string): Promise<number> {
    const { runs } = await this.#post<{ runs: unknown[] }>('runs/search', {
      experiment_ids: [experimentId],
      filter: 'metrics.m0 > 0.1',
      order_by: ['metrics.m1 DESC'],
      max_results: 100,
    });
    return runs.length;
  }

  /** All points of the metric of a run, page by page; answers how many came. */
  async history(runId: string): Promise<number> {
    let points = 0;
    let token = '';
    do {
      const query = new URLSearchParams({
        run_id: runId,
        metric_key: 'loss',
        max_results: String(historyPage),
      });
      if (token !== '') query.set('page_token', token);
      const page = await this.#ask<{ metrics: unknown[]; next_page_token?: string }>(
        `metrics/get-history?${query}`,
      );
      points += page.metrics.length;
      token = page.next_page_token ?? '';
    } while (token !== '');
    return points;
  }

  #post<Answer>(operation: string, message: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask(operation, { method: 'POST', headers, body: JSON.stringify(message) });
  }

  async #ask<Answer>(operation: string, request: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/2.0/mlflow/${operation}`, request);
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation} answers ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as Answer;
  }
}

export const seededStartMs = (at: number): number => 1_700_000_000_000 + at;

/** Values that differ from run to run, the same on every server. */
export const seededMetrics = (at: number): [string, number][] =>
  Array.from({ length: 5 }, (_one, metric) => [
    `m${metric}`,
    ((at * 7919 + metric * 104_729) % 10_007) / 10_007,
  ]);
