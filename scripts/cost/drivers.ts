import type { Measurements } from './measurements.ts';
import type { UsageProfile } from './profile.ts';
import {
  addQuantities,
  authorizerCall,
  type Conversion,
  type Quantities,
  quantitiesOf,
  tracesOf,
  withoutAuthorizer,
} from './quantities.ts';
import { monthHours, type StageFacts } from './stage-facts.ts';

/** What a bill is driven by. */
export type Driver =
  | 'Stored data'
  | 'Alarms'
  | 'Hourly rounds'
  | 'Uploads'
  | 'Trainings'
  | 'Releases'
  | 'Predictions'
  | 'Monitoring'
  | 'People';

export interface DriverInput {
  readonly facts: StageFacts;
  readonly profile: UsageProfile;
  readonly measurements: Measurements;
}

const gbBytes = 1024 ** 3;
/** Errors, latency and prediction drift (services/deployment/domain/canary-alarms.ts). */
const alarmsOfCanary = 3;
/** X-Ray samples the first request of each second and this share of the rest. */
const sampledShare = 0.05;

/** All quantities of a month, by what drives them. */
export function driverQuantities(input: DriverInput): ReadonlyMap<Driver, Quantities> {
  return new Map<Driver, Quantities>([
    ['Stored data', stored(input)],
    ['Alarms', { 'metrics.alarmMonth': input.facts.alarmMetrics }],
    ['Hourly rounds', hourlyRounds(input)],
    ['Uploads', uploads(input)],
    ['Trainings', trainings(input)],
    ['Releases', releases(input)],
    ['Predictions', predictions(input)],
    ['Monitoring', monitoring(input)],
    ['People', people(input)],
  ]);
}

const conversion = ({ facts, profile }: DriverInput): Conversion => ({
  facts,
  keptMonths: profile.keptMonths,
});

function stored({ facts, profile: { stored: already } }: DriverInput): Quantities {
  return {
    's3.storedGbMonth': already.s3Gb + facts.codeBytes / gbBytes,
    'dynamodb.storedGbMonth': already.tablesGb,
    'dynamodb.recoveryGbMonth': already.tablesGb,
  };
}

/** Each scheduled function as often as its schedule says; whatever they do besides being called, as often as they are on average. */
function hourlyRounds(input: DriverInput): Quantities {
  const { schedules } = input.facts;
  const calls = schedules.reduce((total, { perMonth }) => total + perMonth, 0);
  if (calls === 0) return {};
  const round = input.measurements.units.hourlyRound;
  const missing = schedules.find(({ target }) => round[`lambda.${target}.invocations`] === undefined);
  if (missing) {
    throw new Error(
      `${missing.target} is called by a schedule and was not measured: run npm run cost:measure.`,
    );
  }
  return addQuantities(quantitiesOf(round, calls / schedules.length, conversion(input)), {
    'scheduler.invocation': calls,
  });
}

function uploads(input: DriverInput): Quantities {
  const { uploads: asked, projectChanges } = input.profile;
  const { units, upload } = input.measurements;
  return addQuantities(
    quantitiesOf(units.project, projectChanges, conversion(input)),
    quantitiesOf(units.upload, asked.perMonth, {
      ...conversion(input),
      dataScale: asked.bytesEach / upload.bytes,
    }),
  );
}

function trainings(input: DriverInput): Quantities {
  const { trainings: asked, uploads: uploaded } = input.profile;
  const { units, upload } = input.measurements;
  const jobHours =
    asked.perMonth * (asked.trainingHoursEach * asked.instanceCount + asked.transformHoursEach);
  return addQuantities(
    quantitiesOf(units.training, asked.perMonth, {
      ...conversion(input),
      dataScale: Math.max(1, uploaded.bytesEach / upload.bytes),
    }),
    {
      [`sagemaker.instanceHour.${asked.instanceType}`]: jobHours,
      'sagemaker.volumeGbMonth': (asked.volumeGb * jobHours) / monthHours,
    },
  );
}

function releases(input: DriverInput): Quantities {
  const { perMonth, bakeHoursEach } = input.profile.releases;
  return addQuantities(quantitiesOf(input.measurements.units.release, perMonth, conversion(input)), {
    'metrics.alarmMonth': (alarmsOfCanary * perMonth * bakeHoursEach) / monthHours,
  });
}

function predictions(input: DriverInput): Quantities {
  const { predictions: asked } = input.profile;
  const { units, upload, customMetricsPerModelVersion } = input.measurements;
  const { requestsPerMonth, rowsPerRequest, activeHours, models, applications } = asked;
  if (requestsPerMonth === 0) return endpoints(asked, 0);
  const activeSeconds = activeHours * 3600;
  const { unit, callMs } = withoutAuthorizer(units.predictionRequest);
  const cachedFor = input.facts.authorizerTtlSeconds || activeSeconds;
  const authorizations = Math.min(requestsPerMonth, (applications * activeSeconds) / cachedFor);
  const rows = requestsPerMonth * rowsPerRequest;
  const rowBytes = upload.bytes / upload.rows;
  const all = conversion(input);
  const request = quantitiesOf(unit, requestsPerMonth, all);
  return addQuantities(
    { ...request, 'xray.trace': tracesOf(unit) * sampled(requestsPerMonth, activeSeconds) },
    quantitiesOf(units.predictionRow, rows - requestsPerMonth, all),
    quantitiesOf(units.captureBatch, captureBatches(input), all),
    // Part of the trace of its request.
    { ...quantitiesOf(authorizerCall(callMs), authorizations, all), 'xray.trace': 0 },
    { 'metrics.customMetricMonth': (models * customMetricsPerModelVersion * activeHours) / monthHours },
    // An answered row is about as long as an asked one.
    { 'transfer.outGb': (rows * rowBytes) / gbBytes },
    endpoints(asked, (rows * rowBytes) / gbBytes),
  );
}

/** Each model's requests are gathered for a while, from the first on; requests come by chance, evenly over the active hours. */
function captureBatches({ facts, profile }: DriverInput): number {
  const { requestsPerMonth, activeHours, models } = profile.predictions;
  const perModelAndSecond = requestsPerMonth / Math.max(1, models) / (activeHours * 3600);
  return requestsPerMonth / (1 + facts.captureWindowSeconds * perModelAndSecond);
}

/** How many of requests that come by chance X-Ray samples: the first of each second, and a share of the rest. */
function sampled(requests: number, activeSeconds: number): number {
  const perSecond = requests / activeSeconds;
  const first = 1 - Math.exp(-perSecond);
  return (first + sampledShare * (perSecond - first)) * activeSeconds;
}

function endpoints(
  { endpoint, models, requestsPerMonth }: UsageProfile['predictions'],
  dataGb: number,
): Quantities {
  if (endpoint.mode === 'instances') {
    return { [`sagemaker.instanceHour.${endpoint.instanceType}`]: models * endpoint.count * monthHours };
  }
  return {
    'sagemaker.serverlessGbSecond': requestsPerMonth * endpoint.secondsPerRequest * endpoint.memoryGb,
    'sagemaker.serverlessDataGb': 2 * dataGb,
  };
}

/** Windows close when they are full, or after an hour with any prediction. */
function monitoring(input: DriverInput): Quantities {
  const { predictions: asked, monitoring: watched } = input.profile;
  const { units } = input.measurements;
  const perModel = asked.requestsPerMonth / Math.max(1, asked.models);
  const full = (perModel * asked.rowsPerRequest) / watched.windowPredictions;
  const windows = asked.models * Math.min(perModel, Math.max(full, asked.activeHours));
  return addQuantities(
    quantitiesOf(units.monitoringWindow, windows, conversion(input)),
    quantitiesOf(units.labelRequest, watched.labelRequestsPerMonth, conversion(input)),
  );
}

const people = (input: DriverInput): Quantities =>
  quantitiesOf(input.measurements.units.read, input.profile.readsPerMonth, conversion(input));
