/**
 * Exponential moving average with the bias of its start taken away:
 * `s_t = w * s_(t-1) + (1 - w) * y_t` from `s_0 = 0`, and `s_t / (1 - w^t)` is what is shown, for the t-th value from 1.
 * Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (arXiv:1412.6980), section 3.
 * `weight` from 0 (nothing is smoothed) to below 1. Values that are not finite stay as they are and count for nothing.
 */
export function smoothed(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let average = 0;
  let remaining = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    return average / (1 - remaining);
  });
}
