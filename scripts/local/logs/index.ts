import path from 'node:path';
import * as z from 'zod';
import type {
  EmulatedService,
  LogEvent,
  LogsApi,
  ProvisionedResource,
  ResourceDeclaration,
  RuntimeContext,
} from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';
import { readEmbeddedMetrics } from './embedded-metrics.ts';
import { LogFile } from './log-file.ts';
import { authorizeLogs, handleLogs, type LogGroups } from './wire.ts';

const groupProperties = z.strictObject({
  LogGroupName: z.string(),
  // Files are bounded by size; on a laptop nothing grows old enough for a retention in days to matter.
  RetentionInDays: z.number().optional(),
  KmsKeyId: z.string().optional(),
  LogGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS']).optional(),
  Tags: z.unknown().optional(),
});
const streamProperties = z.strictObject({ LogGroupName: z.string(), LogStreamName: z.string() });

/** CloudWatch Logs: one text file per log group, and the metrics that functions write as log lines. */
export function createLogs(context: RuntimeContext): EmulatedService & LogsApi {
  const files = new Map<string, LogFile>();
  const fileOf = (logGroupName: string): LogFile => {
    let file = files.get(logGroupName);
    if (file === undefined) {
      file = new LogFile(path.join(context.folder('logs'), fileName(logGroupName)));
      files.set(logGroupName, file);
    }
    return file;
  };
  const groups: LogGroups = {
    names: () => [...files.keys()].sort(),
    read: async (logGroupName) => files.get(logGroupName)?.read(),
  };
  return {
    name: 'logs',
    signingNames: ['logs'],
    resourceTypes: ['AWS::Logs::LogGroup', 'AWS::Logs::LogStream'],
    start: async () => undefined,
    provision: async (resource) => provision(context, resource, fileOf),
    authorize: (request) => authorizeLogs(context, request),
    handle: (request) => handleLogs(context, groups, request),
    async stop() {
      await Promise.all([...files.values()].map((file) => file.flush()));
    },
    append(logGroupName, logStreamName, message) {
      fileOf(logGroupName).append({ timestampMs: context.now(), logStreamName, message });
      for (const { namespace, points } of readEmbeddedMetrics(message)) {
        context.cloudwatch.putMetricData(namespace, points);
      }
    },
    async tail(logGroupName, limit): Promise<readonly LogEvent[]> {
      return (await fileOf(logGroupName).read()).slice(-limit);
    },
  };
}

function provision(
  context: RuntimeContext,
  resource: ResourceDeclaration,
  fileOf: (logGroupName: string) => LogFile,
): ProvisionedResource {
  if (resource.type === 'AWS::Logs::LogStream') {
    return { ref: parseProperties(resource, streamProperties).LogStreamName, attributes: {} };
  }
  const { LogGroupName } = parseProperties(resource, groupProperties);
  fileOf(LogGroupName);
  const arn = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${LogGroupName}`;
  return { ref: LogGroupName, attributes: { Arn: `${arn}:*` } };
}

/** `/aws/lambda/name` → `name.log`; other groups keep their path, with `_` for `/`. */
function fileName(logGroupName: string): string {
  const name = logGroupName.replace(/^\/aws\/lambda\//, '').replace(/^\//, '');
  return `${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.log`;
}
