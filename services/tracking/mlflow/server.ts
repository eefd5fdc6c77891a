import { type BoundMlflowRoute, bindMlflow, RawAnswer } from '#shared/mlflow/handler.ts';
import { answeredMlflowVersion, health, serverInfo, version } from './routes/server.ts';

/**
 * What clients are told of this server: parts of an artifact go to S3 and come from it directly, by presigned addresses
 * (mlflow 3.18: `artifacts_presigned_only` for files of every size).
 */
export function serverRoutes(): BoundMlflowRoute[] {
  return [
    bindMlflow(health, async () => plainText('OK')),
    bindMlflow(version, async () => plainText(answeredMlflowVersion)),
    bindMlflow(serverInfo, async () => ({
      store_type: 'DynamoDbStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: true,
      presigned_upload_run_id_supported: true,
      presigned_upload_model_id_supported: true,
      artifacts_presigned_only: true,
      features_enabled: { gateway: false },
    })),
  ];
}

const plainText = (text: string): RawAnswer =>
  new RawAnswer(200, { 'content-type': 'text/plain; charset=utf-8' }, text);
