import path from 'node:path';
import { freePort } from '../../../scripts/local/host/free-port.ts';
import { pythonEnvironment } from './python.ts';
import { type ForeignServer, startServer } from './server.ts';

/** Version of MiniStack, an emulator of AWS (MIT) that needs no containers. */
export const ministackVersion = '1.5.33';

/** Path of the program. */
export async function ministack(): Promise<string> {
  const environment = await pythonEnvironment('ministack', [`ministack==${ministackVersion}`]);
  return environment.program('ministack');
}

/** How to run it. */
export interface MinistackOptions {
  /** Path of the program, see `ministack`. */
  readonly program: string;
  /** Further settings of MiniStack, e.g. `{ LAMBDA_WARM_TTL_SECONDS: '15' }`. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs MiniStack in memory on a free loopback port. Its functions reach it by `127.0.0.1`, so the endpoint must not be set in its
 * environment; a host name would make S3 addresses that do not resolve. Functions run under the `node` of this process.
 */
export async function startMinistack({ program, env = {} }: MinistackOptions): Promise<ForeignServer> {
  const port = await freePort();
  const { AWS_ENDPOINT_URL: _unset, ...inherited } = process.env;
  return await startServer(program, port, {
    args: [],
    readyPath: '/_ministack/health',
    env: {
      ...inherited,
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
      ...ministackSettings(port),
      ...env,
    },
  });
}

/** Loopback only, and no port besides the one. */
export const ministackSettings = (port: number): Record<string, string> => ({
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
});
