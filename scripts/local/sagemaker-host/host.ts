import path from 'node:path';
import { createEcr } from '../ecr/index.ts';
import { StartRefused, takeDataFolder } from '../host/data-folder.ts';
import { portRefused } from '../host/free-port.ts';
import { openLogFile } from '../host/log-file.ts';
import { createSageMaker } from '../sagemaker/index.ts';
import { allowEverything, serveServices } from '../testing/serve-one.ts';
import { emulatorApis } from './emulator-apis.ts';
import type { HostOptions } from './options.ts';

/** The account of emulators; `serveServices` says the same. */
const accountId = '000000000000';

/** A running host. */
export interface SageMakerHost {
  /** Address for AWS_ENDPOINT_URL_SAGEMAKER, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME and AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME. */
  readonly url: string;
  /** Ends jobs and serving programs; what runs starts again with the next start on the same folder. */
  stop(): Promise<void>;
}

/**
 * Serves the laptop's SageMaker and its images' registry alone, on loopback, with everything else that it needs at an emulator. It neither checks signatures nor
 * decides permissions: both are the emulator's, whose keys and roles it does not know. Rejects with StartRefused.
 */
export async function startSageMakerHost(
  options: Omit<HostOptions, 'help'> & { readonly region: string },
): Promise<SageMakerHost> {
  const data = takeDataFolder(options.dataDir, false);
  const logFile = openLogFile(path.join(options.dataDir, 'sagemaker.log'));
  const { awsEndpoint: endpoint, region } = options;
  const apis = emulatorApis({ endpoint, region }, accountId, logFile.log);
  const letGo = async () => {
    await apis.close();
    await logFile.close();
    data.release();
  };
  try {
    const served = await serveServices([createSageMaker, createEcr], {
      port: options.port,
      region,
      dataDir: options.dataDir,
      // It reads no template, so it has no programs for images of one's own.
      apis: { ...apis, iam: allowEverything, ecr: { program: () => undefined, programImages: () => [] } },
      log: logFile.log,
    });
    await served.services[0].resume?.();
    return {
      url: served.url,
      stop: async () => {
        await served.close();
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    const refused = portRefused(options.port, '--port', error);
    throw refused instanceof StartRefused ? refused : error;
  }
}
