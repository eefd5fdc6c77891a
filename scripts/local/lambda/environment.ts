import path from 'node:path';
import type { RuntimeContext } from '../emulated-service.ts';
import type { FunctionConfig } from './function-config.ts';

/**
 * The environment of a sandbox: what AWS Lambda sets ("Defined runtime environment variables", Lambda Developer Guide), the
 * function's own variables, and the address of the laptop's AWS endpoint. Nothing of the runtime's own environment is passed on,
 * but for SystemRoot, without which Windows opens no socket.
 */
export function sandboxEnvironment(
  context: RuntimeContext,
  config: FunctionConfig,
  logStreamName: string,
  compileCacheFolder: string,
): Record<string, string> {
  const credentials = context.iam.credentialsForRole(config.roleArn, config.name);
  const systemRoot = process.env['SystemRoot'];
  return {
    ...config.environment,
    ...(systemRoot !== undefined && { SystemRoot: systemRoot }),
    AWS_ENDPOINT_URL: context.awsUrl,
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: config.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memorySizeMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_LOG_FORMAT: config.logFormat,
    ...(config.applicationLogLevel !== undefined && { AWS_LAMBDA_LOG_LEVEL: config.applicationLogLevel }),
    LAMBDA_TASK_ROOT: config.codePath,
    NODE_PATH: config.layerPaths
      .map((layer) => path.join(layer, 'nodejs', 'node_modules'))
      .join(path.delimiter),
    // Compiled code is kept between sandboxes: a cold start compiles nothing that an earlier one compiled.
    NODE_COMPILE_CACHE: compileCacheFolder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: config.handler,
  };
}
