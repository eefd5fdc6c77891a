import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { seededMetrics, seededStartMs } from './tracking-load.ts';

/**
 * Writes into the database of MLflow's server what `TrackingServer.seed` writes by its API, which takes it nine minutes. Tables as of
 * MLflow 3.17 (mlflow/store/tracking/dbmodels/models.py).
 */
export function seedStock(databaseFile: string, experimentId: string, count: number): void {
  const database = new DatabaseSync(databaseFile, { timeout: 30_000 });
  try {
    const run = database.prepare(
      "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, artifact_uri, experiment_id) VALUES (?, ?, 'UNKNOWN', '', '', 'bench', 'RUNNING', ?, '', 'active', ?, ?)",
    );
    const metric = database.prepare(
      'INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, 1, ?, 1, 0)',
    );
    const latest = database.prepare(
      'INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, 1, 1, 0, ?)',
    );
    const param = database.prepare("INSERT INTO params (key, value, run_uuid) VALUES ('depth', ?, ?)");
    const tag = database.prepare('INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)');
    database.exec('BEGIN');
    for (let at = 0; at < count; at += 1) {
      const id = randomUUID().replaceAll('-', '');
      const name = `seeded-run-${at}`;
      run.run(
        id,
        name,
        seededStartMs(at),
        `mlflow-artifacts:/${experimentId}/${id}/artifacts`,
        Number(experimentId),
      );
      for (const [key, value] of seededMetrics(at)) {
        metric.run(key, value, id);
        latest.run(key, value, id);
      }
      param.run(String(at % 10), id);
      tag.run('kind', `k${at % 3}`, id);
      tag.run('mlflow.runName', name, id);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
