import { Metrics } from '@aws-lambda-powertools/metrics';

/** The one metrics writer of a function: embedded metric format on standard output, namespace from POWERTOOLS_METRICS_NAMESPACE. */
export const metrics = new Metrics();
