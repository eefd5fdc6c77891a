export type Verdict = 'Pass' | 'Fail' | 'InsufficientData';

/** A condition that a model must meet: the result of one gate. */
export interface GateResult {
  readonly gate: string;
  readonly verdict: Verdict;
  readonly metric: string;
  readonly observed: number | null;
  readonly threshold: number;
  readonly baseline?: number;
  readonly message: string;
}

/** What the project demands. Each threshold has `min` or `max`. */
export interface GateRules {
  readonly thresholds: readonly {
    readonly metric: string;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  }[];
  readonly champion?: { readonly metric: string; readonly tolerance: number } | undefined;
  readonly minTestRows: number;
}

export interface Measured {
  readonly testRows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** On the same rows; absent where there is no champion to compare with. */
  readonly championMetrics?: Readonly<Record<string, number>>;
}

/** Metrics of which less is better. */
const errors = new Set(['log_loss', 'rmse', 'mae']);

/** Judges every gate. With fewer test rows than the project demands, no gate says more than InsufficientData. */
export function judgeGates(rules: GateRules, measured: Measured): { verdict: Verdict; gates: GateResult[] } {
  const enough = measured.testRows >= rules.minTestRows;
  const judged = [
    ...rules.thresholds.map((rule) => thresholdGate(rule, measured)),
    ...championGate(rules, measured),
  ];
  const gates = [rowsGate(rules, measured), ...judged.map((gate) => (enough ? gate : undecided(gate)))];
  return { gates, verdict: worst(gates.map(({ verdict }) => verdict)) };
}

function rowsGate({ minTestRows }: GateRules, { testRows }: Measured): GateResult {
  const enough = testRows >= minTestRows;
  return {
    gate: 'min_test_rows',
    verdict: enough ? 'Pass' : 'InsufficientData',
    metric: 'test_rows',
    observed: testRows,
    threshold: minTestRows,
    message: `${testRows} held-out rows, at least ${minTestRows} are needed.`,
  };
}

function thresholdGate(
  { metric, min, max }: GateRules['thresholds'][number],
  measured: Measured,
): GateResult {
  // The project's schema demands exactly one of both.
  const bound: Bound = min === undefined ? { ceiling: max! } : { floor: min };
  const gate = `${min === undefined ? 'max' : 'min'}_${metric}`;
  return bounded(gate, metric, measured.metrics[metric], bound);
}

/** The challenger may be worse than the champion on the same rows by at most the tolerance. */
function championGate({ champion }: GateRules, { metrics, championMetrics }: Measured): GateResult[] {
  if (!champion || !championMetrics) return [];
  const { metric, tolerance } = champion;
  const gate = `champion_${metric}`;
  const baseline = championMetrics[metric];
  if (baseline === undefined) return [undefinedMetric(gate, metric, tolerance)];
  const bound = errors.has(metric) ? { ceiling: baseline + tolerance } : { floor: baseline - tolerance };
  return [{ ...bounded(gate, metric, metrics[metric], bound), baseline }];
}

type Bound = { readonly floor: number } | { readonly ceiling: number };

function bounded(gate: string, metric: string, observed: number | undefined, bound: Bound): GateResult {
  const threshold = 'floor' in bound ? bound.floor : bound.ceiling;
  if (observed === undefined) return undefinedMetric(gate, metric, threshold);
  const passed = 'floor' in bound ? observed >= threshold : observed <= threshold;
  const side = 'floor' in bound ? 'at least' : 'at most';
  return {
    gate,
    verdict: passed ? 'Pass' : 'Fail',
    metric,
    observed,
    threshold,
    message: `${metric} is ${observed.toPrecision(6)}, ${side} ${threshold.toPrecision(6)} is demanded.`,
  };
}

const undefinedMetric = (gate: string, metric: string, threshold: number): GateResult => ({
  gate,
  verdict: 'InsufficientData',
  metric,
  observed: null,
  threshold,
  message: `${metric} is not defined for this task on these rows.`,
});

const undecided = (gate: GateResult): GateResult => ({ ...gate, verdict: 'InsufficientData' });

/** Fail before InsufficientData before Pass. */
function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('Fail')) return 'Fail';
  return verdicts.includes('InsufficientData') ? 'InsufficientData' : 'Pass';
}
