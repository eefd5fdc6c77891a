import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { EventEntry, RequiredPermission, S3Api } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import type { ServiceApis } from '../../testing/serve-one.ts';
import { allowEverything } from '../../testing/serve-one.ts';

/** Stand-ins for the parts of the runtime that SageMaker calls, and what they were told. */
export interface RuntimeDoubles {
  readonly apis: Partial<ServiceApis>;
  /** Objects by `bucket/key`. */
  readonly objects: Map<string, Buffer>;
  readonly events: EventEntry[];
  /** Lines by log group. */
  readonly logs: Map<string, string[]>;
  /** Data points by metric name. */
  readonly metrics: Map<string, number[]>;
  /** Actions that a role may not do. */
  readonly denied: Set<string>;
}

/** @returns doubles that allow everything and remember everything. */
export function runtimeDoubles(): RuntimeDoubles {
  const objects = new Map<string, Buffer>();
  const events: EventEntry[] = [];
  const logs = new Map<string, string[]>();
  const metrics = new Map<string, number[]>();
  const denied = new Set<string>();
  const apis: Partial<ServiceApis> = {
    s3: memoryS3(objects),
    events: { publish: async (entries) => void events.push(...entries) },
    logs: {
      append: (group, _stream, message) => void logs.set(group, [...(logs.get(group) ?? []), message]),
      tail: async () => [],
    },
    cloudwatch: {
      putMetricData: (_namespace, points) => {
        for (const { name, value } of points) metrics.set(name, [...(metrics.get(name) ?? []), value]);
      },
    },
    iam: { ...allowEverything, demand: (_principal, permissions) => refuseDenied(denied, permissions) },
  };
  return { apis, objects, events, logs, metrics, denied };
}

function refuseDenied(denied: ReadonlySet<string>, permissions: readonly RequiredPermission[]): void {
  for (const { action, resource } of permissions)
    if (denied.has(action))
      throw new AwsError(
        'AccessDenied',
        `is not authorized to perform: ${action} on resource: ${resource}`,
        403,
      );
}

function memoryS3(objects: Map<string, Buffer>): S3Api {
  const find = (bucket: string, key: string): Buffer => {
    const body = objects.get(`${bucket}/${key}`);
    if (body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return body;
  };
  return {
    getObject: async (bucket, key) => ({ body: find(bucket, key), etag: '"0"' }),
    putObject: async (bucket, key, body) => {
      objects.set(`${bucket}/${key}`, body);
      return { etag: '"0"' };
    },
    readObject: async (bucket, key) => Readable.from([find(bucket, key)]),
    writeObject: async (bucket, key, body) => {
      objects.set(`${bucket}/${key}`, await buffer(body));
    },
    listKeys: async (bucket, prefix) =>
      [...objects.keys()]
        .filter((path) => path.startsWith(`${bucket}/${prefix}`))
        .map((path) => path.slice(bucket.length + 1))
        .sort(),
  };
}
