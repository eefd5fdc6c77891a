import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Counters, sum } from './counters.ts';

/** CloudWatch Logs adds this to each event (API reference of PutLogEvents). */
const eventOverheadBytes = 26;
const accessLogFile = /^aws_vendedlogs_apis_/;
/** The function behind the REST API, which writes no access log: each of its calls is a request. */
const restFunction = 'predictions-http';

/** All that a laptop platform logged so far: invocations and billed milliseconds by function, bytes by kind of log, API requests. */
export function countLogs(dataDir: string): Counters {
  const folder = path.join(dataDir, 'logs');
  return readdirSync(folder)
    .map((file) => {
      const messages = messagesOf(readFileSync(path.join(folder, file), 'utf8'));
      if (accessLogFile.test(file)) return countAccessLog(messages);
      return countFunctionLog(file.replace(/^millrace-local-|\.log(\.1)?$/g, ''), messages);
    })
    .reduce(sum, {});
}

/** A line is time, stream and message, with tabs between. */
const messagesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t').slice(2).join('\t'));

const bytesOf = (messages: readonly string[]): number =>
  messages.reduce((bytes, message) => bytes + Buffer.byteLength(message) + eventOverheadBytes, 0);

function countFunctionLog(name: string, messages: readonly string[]): Counters {
  const billedMs = messages.flatMap((message) => {
    const [, ms] = /^REPORT RequestId: .*\tBilled Duration: (\d+) ms\t/.exec(message) ?? [];
    return ms === undefined ? [] : [Number(ms)];
  });
  return {
    [`lambda.${name}.invocations`]: billedMs.length,
    [`lambda.${name}.billedMs`]: billedMs.reduce((total, ms) => total + ms, 0),
    'logs.functionBytes': bytesOf(messages),
    ...(name === restFunction ? { 'api.restRequests': billedMs.length } : {}),
  };
}

function countAccessLog(messages: readonly string[]): Counters {
  const responseBytes = messages.map((message) =>
    Number((JSON.parse(message) as AccessLogLine).responseBytes),
  );
  return {
    'api.httpRequests': messages.length,
    'api.responseBytes': responseBytes.reduce((total, bytes) => total + (bytes || 0), 0),
    'logs.accessBytes': bytesOf(messages),
  };
}

interface AccessLogLine {
  readonly responseBytes: string;
}

/** How many custom metrics functions wrote for a model version, in embedded metric format. */
export function countCustomMetrics(dataDir: string, modelVersion: number): number {
  const folder = path.join(dataDir, 'logs');
  const names = readdirSync(folder)
    .flatMap((file) => messagesOf(readFileSync(path.join(folder, file), 'utf8')))
    .filter((message) => message.includes('"_aws"') && message.includes(`"ModelVersion":"${modelVersion}"`))
    .flatMap((message) => (JSON.parse(message) as EmbeddedMetrics)._aws.CloudWatchMetrics)
    .flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  return new Set(names).size;
}

interface EmbeddedMetrics {
  readonly _aws: { readonly CloudWatchMetrics: readonly { Metrics: readonly { Name: string }[] }[] };
}
