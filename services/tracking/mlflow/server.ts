import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { serverInfo } from './routes/server.ts';

/**
 * What clients are told of this server: parts of an artifact go to S3 and come from it directly, by presigned addresses
 * (mlflow 3.18: `artifacts_presigned_only` for files of every size).
 */
export function serverRoutes(): BoundMlflowRoute[] {
  return [
    bindMlflow(serverInfo, async () => ({
      store_type: 'DynamoDbStore',
      workspaces_enabled: false,
      multipart_uploads_enabled: true,
      multipart_downloads_enabled: true,
      artifacts_presigned_only: true,
    })),
  ];
}
