import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a person or a program needs to talk to a running runtime; the content of `<data>/endpoints.json`. */
export interface Endpoints {
  /** Console and native API. */
  readonly platformUrl: string;
  /** Prediction API; on a laptop the same port serves all APIs. */
  readonly predictionUrl: string;
  /** Addresses of the deployed APIs by API name. */
  readonly apiUrls: Readonly<Record<string, string>>;
  /** For `--endpoint-url` and AWS_ENDPOINT_URL. */
  readonly awsUrl: string;
  readonly region: string;
  readonly accountId: string;
  /** Bucket names by purpose (`uploads`, `data`, …): the part of the name after the region. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Allowed everything; sent to loopback only. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly pid: number;
}

/** Bucket names by their last part: `millrace-local-000000000000-us-east-1-uploads` is `uploads`. */
export function bucketsByPurpose(names: readonly string[], region: string): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const marker = `-${region}-`;
      const at = name.indexOf(marker);
      return [at < 0 ? name : name.slice(at + marker.length), name];
    }),
  );
}

/** Replaces `<data>/endpoints.json` in one step; only the owner may read it, since it holds a secret key. */
export function writeEndpoints(dataDir: string, endpoints: Endpoints): void {
  const file = path.join(dataDir, 'endpoints.json');
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
