import path from 'node:path';
import * as z from 'zod';
import type {
  CloudWatchApi,
  EmulatedService,
  ProvisionedResource,
  ResourceDeclaration,
  RuntimeContext,
} from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';
import { alarmProperties } from './alarm-config.ts';
import { Alarms, type Schedule } from './alarms.ts';
import { type MetricId, MetricStore, seriesKey } from './metric-store.ts';
import { authorizeRequest, handleRequest, type WireParts } from './wire.ts';

/** How often metric data goes to disk while there is new data. What came since is lost when the runtime is killed. */
const flushIntervalMs = 30_000;

const dashboardProperties = z.strictObject({ DashboardName: z.string(), DashboardBody: z.string() });

const afterDelay: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

/** CloudWatch: metrics of the last three hours, and alarms with their actions. */
export function createCloudWatch(
  context: RuntimeContext,
  schedule: Schedule = afterDelay,
): EmulatedService & CloudWatchApi {
  const folder = context.folder('cloudwatch');
  const metricsFile = path.join(folder, 'metrics.json');
  const store = new MetricStore(context.now);
  const alarms = new Alarms(context, store, path.join(folder, 'alarms.json'), schedule);
  let flushTimer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    store.save(metricsFile);
  };
  const onData = (id: MetricId) => {
    alarms.onData(seriesKey(id));
    flushTimer ??= setTimeout(flush, flushIntervalMs).unref();
  };
  const wire: WireParts = { context, store, alarms, onData };
  return {
    name: 'cloudwatch',
    signingNames: ['monitoring'],
    resourceTypes: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'],
    async start() {
      store.load(metricsFile);
      alarms.load();
    },
    async resume() {
      alarms.resume();
    },
    provision: async (resource) => provision(resource, alarms),
    async deprovision(resource) {
      const name = resource.previous?.ref;
      const isKnown = alarms.list().some(({ config }) => config.AlarmName === name);
      if (resource.type === 'AWS::CloudWatch::Alarm' && name !== undefined && isKnown) alarms.delete([name]);
    },
    authorize: (request) => authorizeRequest(wire, request),
    handle: (request) => handleRequest(wire, request),
    async stop() {
      alarms.stop();
      flush();
    },
    putMetricData(namespace, points) {
      for (const { name, value, unit, dimensions, timestampMs } of points) {
        const id = { namespace, name, dimensions };
        store.record(id, unit, timestampMs ?? context.now(), { value, count: 1 });
        onData(id);
      }
    },
  };
}

function provision(resource: ResourceDeclaration, alarms: Alarms): ProvisionedResource {
  if (resource.type === 'AWS::CloudWatch::Dashboard') {
    // A dashboard is a page of the AWS console, which the laptop has not; nothing else reads it.
    return { ref: parseProperties(resource, dashboardProperties).DashboardName, attributes: {} };
  }
  const alarm = alarms.put(parseProperties(resource, alarmProperties));
  return { ref: alarm.config.AlarmName, attributes: { Arn: alarm.arn } };
}
