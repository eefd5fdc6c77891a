import type { AddressInfo } from 'node:net';
import { containerLayout } from './container/layout.ts';
import { loadModel } from './serving/load-model.ts';
import { createServingServer } from './serving/server.ts';

/**
 * The `serve` program of the container contract: loads the one model file and answers `/ping` and `/invocations` on
 * loopback until SIGTERM. It says `Listening at: http://127.0.0.1:<port>` once it is ready.
 */
const MEBIBYTE = 1024 * 1024;
const environment = process.env;
try {
  const predictor = loadModel(containerLayout(environment).model);
  const server = createServingServer(predictor, {
    batch: environment['SAGEMAKER_BATCH'] === 'true',
    maxBodyBytes: Number(environment['MAX_CONTENT_LENGTH'] ?? 20 * MEBIBYTE),
    defaultAccept: environment['SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT'] ?? 'text/csv',
  });
  server.listen(Number(environment['SAGEMAKER_BIND_TO_PORT'] ?? 8080), '127.0.0.1', () => {
    console.log(`[INFO] Listening at: http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
