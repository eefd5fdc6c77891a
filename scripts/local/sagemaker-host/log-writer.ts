import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogsApi } from '../emulated-service.ts';

/** Lines that come within this are sent together. */
const collectMs = 500;

interface Stream {
  readonly group: string;
  readonly name: string;
  pending: { timestamp: number; message: string }[];
}

/** Sends log lines to CloudWatch Logs, in the order in which they were written, making groups and streams where they are missing. */
export function createLogWriter(
  config: { readonly endpoint: string; readonly region: string },
  report: (problem: string) => void,
): { api: LogsApi; close(): Promise<void> } {
  const client = new CloudWatchLogsClient(config);
  const streams = new Map<string, Stream>();
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending = sending.then(async () => {
      for (const stream of streams.values())
        await sendPending(client, stream).catch((error: unknown) => report(`log lines lost: ${error}`));
    });
    return sending;
  };
  return {
    api: {
      append(group, name, message) {
        const key = `${group}\n${name}`;
        const stream = streams.get(key) ?? { group, name, pending: [] };
        streams.set(key, stream);
        // CloudWatch Logs refuses an empty message.
        if (message !== '') stream.pending.push({ timestamp: Date.now(), message });
        timer ??= setTimeout(() => void flush(), collectMs);
      },
      tail: () => Promise.reject(new Error('Read the log at the emulator.')),
    },
    async close() {
      await flush();
      client.destroy();
    },
  };
}

async function sendPending(client: CloudWatchLogsClient, stream: Stream): Promise<void> {
  const logEvents = stream.pending;
  if (logEvents.length === 0) return;
  stream.pending = [];
  const [logGroupName, logStreamName] = [stream.group, stream.name];
  await unlessThere(client.send(new CreateLogGroupCommand({ logGroupName })));
  await unlessThere(client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })));
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
}

async function unlessThere(creating: Promise<unknown>): Promise<void> {
  try {
    await creating;
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}
