import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CliFailure, exitCodes } from './failure.ts';

/** Where the platform is and who asks. */
export interface Connection {
  /** Native API and console. */
  readonly platformUrl: string;
  /** Prediction API; the same address on a laptop. */
  readonly predictionUrl: string;
  readonly token?: string;
  /** Local identity to act as; only a laptop takes it. */
  readonly actAs?: string;
}

export interface ConnectionOptions {
  readonly url?: string;
  readonly predictionUrl?: string;
  readonly token?: string;
  readonly data?: string;
  readonly as?: string;
}

/** As far as the command reads what `npm start` writes. */
const endpointsFile = z.object({
  platformUrl: z.string(),
  predictionUrl: z.string().optional(),
  awsUrl: z.string().optional(),
});

/** By flags, else MILLRACE_URL / MILLRACE_PREDICTION_URL / MILLRACE_TOKEN, else the running laptop platform of the data folder. */
export function connectionFrom(options: ConnectionOptions): Connection {
  const platformUrl = options.url ?? process.env['MILLRACE_URL'];
  const token = options.token ?? process.env['MILLRACE_TOKEN'];
  const identity = { ...(token ? { token } : {}), ...(options.as ? { actAs: options.as } : {}) };
  if (platformUrl) {
    const predictionUrl = options.predictionUrl ?? process.env['MILLRACE_PREDICTION_URL'] ?? platformUrl;
    return {
      platformUrl: withoutSlash(platformUrl),
      predictionUrl: withoutSlash(predictionUrl),
      ...identity,
    };
  }
  const path = join(options.data ?? '.millrace', 'endpoints.json');
  if (!existsSync(path)) {
    throw new CliFailure(
      exitCodes.unreachable,
      `There is no ${path}: no laptop platform has run here. Start one with \`npm start\`, or name a deployed one with --url or MILLRACE_URL.`,
    );
  }
  const parsed = endpointsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success)
    throw new CliFailure(
      exitCodes.unreachable,
      `${path} is damaged: ${z.prettifyError(parsed.error)}. Start the platform again; it rewrites the file.`,
    );
  return {
    platformUrl: withoutSlash(parsed.data.platformUrl),
    predictionUrl: withoutSlash(parsed.data.predictionUrl ?? parsed.data.platformUrl),
    ...identity,
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
