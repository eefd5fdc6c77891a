import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { duckdbLayerFolder } from '../../../infra/code/duckdb-layer.ts';
import { freePort } from '../../../scripts/local/host/free-port.ts';
import { copyRepository, rootDir } from '../../bench/repository-copy.ts';
import { ministackSettings } from '../parts/ministack.ts';
import type { PythonEnvironment } from '../parts/python.ts';
import { type RunningProgram, startProgram } from '../parts/server.ts';
import { type Certificate, createCertificate } from './certificate.ts';
import { Shell } from './shell.ts';

/** What the account is made with. */
export interface Programs {
  readonly ministack: PythonEnvironment;
  readonly awsCli: PythonEnvironment;
}

/** An AWS account of its own on an emulator, with SageMaker beside it, and a clone of the repository to deploy from. */
export interface EmulatedAccount {
  /** A terminal in the clone, with the credentials of the account's root. */
  readonly shell: Shell;
  /** The clone. */
  readonly clone: string;
  /** What programs need in their environment to use the account. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Few sandboxes, soon ended: each holds some 60 MB. */
const lambdaLimits = { LAMBDA_WARM_TTL_SECONDS: '15', LAMBDA_ACCOUNT_CONCURRENCY: '24' };

/**
 * Starts the emulator on loopback. With `enforceIam` it decides every call by the policies of the caller's role; that takes TLS, because
 * the buckets refuse plain HTTP.
 */
export async function openAccount(
  { ministack, awsCli }: Programs,
  { enforceIam }: { readonly enforceIam: boolean },
): Promise<EmulatedAccount> {
  const dir = mkdtempSync(path.join(tmpdir(), 'millrace-deploy-'));
  const started: RunningProgram[] = [];
  const close = async () => {
    for (const one of started.reverse()) await one.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const certificate = enforceIam ? await createCertificate(dir) : undefined;
    const base = baseEnvironment(dir, [path.dirname(awsCli.program('aws'))], certificate);
    const port = await freePort();
    const url = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
    started.push(
      await startProgram(
        ministack.program('ministack'),
        { args: [], env: { ...base, ...serverEnvironment(port, certificate) } },
        (output) => /Ready — \d+ services/.test(output),
      ),
    );
    const account = { ...base, ...accountEnvironment(url) };
    const main = path.join(rootDir, 'scripts/local/sagemaker-host/main.ts');
    const args = [main, '--port', '0', '--aws-endpoint', url, '--data', path.join(dir, 'sagemaker')];
    const addressIn = (output: string) => /(?<=ready at )\S+(?= for)/.exec(output)?.[0];
    const sagemaker = await startProgram(
      process.execPath,
      { args, env: account },
      (output) => !!addressIn(output),
    );
    started.push(sagemaker);
    const env = { ...account, ...deployEnvironment(dir, url, addressIn(sagemaker.output()) ?? '') };
    const clone = path.join(dir, 'clone');
    mkdirSync(clone);
    copyRepository(clone);
    // Bundles and layers are kept by their content: made once for all clones. npm fetches the layer here, with the settings of whoever runs this.
    duckdbLayerFolder(rootDir, path.join(rootDir, '.cache', 'layers'), 'arm64');
    symlinkSync(path.join(rootDir, '.cache'), path.join(clone, '.cache'), 'dir');
    return { shell: new Shell(clone, env, dir), clone, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A home of its own, since CDK keeps there which account a key belongs to; the Node and the programs of this package. */
function baseEnvironment(dir: string, programs: string[], certificate: Certificate | undefined) {
  const home = path.join(dir, 'home');
  mkdirSync(home);
  return {
    HOME: home,
    PATH: [path.join(rootDir, 'node_modules/.bin'), ...programs, process.env['PATH']].join(path.delimiter),
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    npm_config_update_notifier: 'false',
    ...(certificate ? { NODE_EXTRA_CA_CERTS: certificate.file, AWS_CA_BUNDLE: certificate.bundle } : {}),
  };
}

function serverEnvironment(port: number, certificate: Certificate | undefined) {
  return {
    ...lambdaLimits,
    ...ministackSettings(port),
    ...(certificate
      ? {
          AUTH: 'true',
          USE_SSL: '1',
          MINISTACK_SSL_CERT: certificate.file,
          MINISTACK_SSL_KEY: certificate.key,
          SSL_CERT_FILE: certificate.bundle,
        }
      : {}),
  };
}

const accountEnvironment = (url: string) => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** What stands around the commands of the guide; `cdk` reads its options from CDK_…. */
const deployEnvironment = (dir: string, url: string, sagemakerUrl: string) => ({
  AWS_ENDPOINT_URL_SAGEMAKER: sagemakerUrl,
  CDK_APP: 'node test/conformance/deploy/emulator-app.ts',
  CDK_OUTPUT: path.join(dir, 'cdk.out'),
  CDK_REQUIRE_APPROVAL: 'never',
  CDK_NOTICES: 'false',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_VALIDATION: 'false',
  MILLRACE_EMULATOR_URL: url,
  MILLRACE_EMULATOR_SAGEMAKER_URL: sagemakerUrl,
});
