import { describe, expect, it } from 'vitest';
import { judgeGates } from './gates.ts';

const rules = {
  thresholds: [{ metric: 'auc', min: 0.9 }],
  champion: { metric: 'log_loss', tolerance: 0.01 },
  minTestRows: 30,
};
const good = { testRows: 100, metrics: { auc: 0.95, log_loss: 0.2 } };
const verdicts = (result: ReturnType<typeof judgeGates>) =>
  Object.fromEntries(result.gates.map(({ gate, verdict }) => [gate, verdict]));

describe('gates', () => {
  it('pass when every bound is kept; without a champion there is nothing to compare with', () => {
    const result = judgeGates(rules, good);
    expect(result.verdict).toBe('Pass');
    expect(verdicts(result)).toEqual({ min_test_rows: 'Pass', min_auc: 'Pass' });
  });

  it.each([
    ['within the tolerance', 0.19, 'Pass'],
    ['at its very edge', 0.2 - 0.01, 'Pass'],
    ['beyond it', 0.18, 'Fail'],
  ])('let a challenger be worse than the champion %s: %s', (_case, champion, verdict) => {
    const result = judgeGates(rules, { ...good, championMetrics: { log_loss: champion } });
    expect(result.verdict).toBe(verdict);
    expect(result.gates.at(-1)).toMatchObject({ gate: 'champion_log_loss', baseline: champion, verdict });
  });

  it('take more as better for scores', () => {
    const byAuc = { ...rules, champion: { metric: 'auc', tolerance: 0.01 } };
    expect(judgeGates(byAuc, { ...good, championMetrics: { auc: 0.97 } }).verdict).toBe('Fail');
    expect(judgeGates(byAuc, { ...good, championMetrics: { auc: 0.955 } }).verdict).toBe('Pass');
  });

  it('name what was observed and what is demanded', () => {
    const { gates, verdict } = judgeGates(rules, { ...good, metrics: { auc: 0.85 } });
    expect(verdict).toBe('Fail');
    expect(gates[1]).toMatchObject({
      observed: 0.85,
      threshold: 0.9,
      message: 'auc is 0.850000, at least 0.900000 is demanded.',
    });
  });

  it('say InsufficientData of everything below the demanded number of rows', () => {
    const result = judgeGates(rules, { testRows: 29, metrics: { auc: 0.1 } });
    expect(result.verdict).toBe('InsufficientData');
    expect(verdicts(result)).toEqual({ min_test_rows: 'InsufficientData', min_auc: 'InsufficientData' });
  });

  it('say InsufficientData of a metric that the rows do not define', () => {
    const result = judgeGates(rules, { testRows: 100, metrics: {}, championMetrics: {} });
    expect(result.verdict).toBe('InsufficientData');
    expect(result.gates.map(({ observed }) => observed)).toEqual([100, null, null]);
  });
});
