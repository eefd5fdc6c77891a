import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../../scripts/local/host/free-port.ts';
import { type PythonEnvironment, pythonEnvironment } from '../parts/python.ts';
import { type ForeignServer, startServer } from '../parts/server.ts';

/** The newest release of MLflow (Apache-2.0) that pip installs, and the one of a year before. */
export const newestMlflow = '3.17.2';
export const olderMlflow = '3.6.0';

const libraries = ['scikit-learn==1.9.1', 'xgboost==3.2.0'];

/** A client with the libraries that it logs for. */
export const mlflowEnvironment = (version: string): Promise<PythonEnvironment> =>
  pythonEnvironment(`mlflow-${version}`, [`mlflow==${version}`, ...libraries]);

/** It imports for long before it listens. */
const startTimeoutMs = 240_000;

/** Environment in which MLflow reports to nobody. */
export const quietEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  MLFLOW_DISABLE_TELEMETRY: 'true',
  DO_NOT_TRACK: 'true',
  MLFLOW_TRACKING_URI: undefined,
});

export interface StockServer extends ForeignServer {
  /** File of its SQLite database. */
  readonly database: string;
}

/** MLflow's own server on a database of its own, with one worker. */
export async function startStockServer({ program }: PythonEnvironment): Promise<StockServer> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-stock-mlflow-'));
  const database = path.join(folder, 'mlflow.db');
  const args = [
    ...['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
    ...['--backend-store-uri', `sqlite:///${database}`],
    ...['--artifacts-destination', path.join(folder, 'artifacts')],
  ];
  const env = { ...quietEnvironment(), MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: undefined };
  const server = await startServer(program('mlflow'), port, {
    args,
    env,
    readyPath: '/health',
    timeoutMs: startTimeoutMs,
  });
  return {
    ...server,
    database,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
