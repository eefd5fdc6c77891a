import { AppError } from '#shared/kernel/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import type { RegistryDeps } from '../use-cases/register-model-version.ts';
import { getRegisteredModel } from './routes/registered-models.ts';

export function registeredModelRoutes({ store }: RegistryDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(getRegisteredModel, async ({ message }) => {
      const latest = await store.latestVersion(message.name);
      if (latest > 0) return { registered_model: { name: message.name } };
      throw new AppError(
        'not_found',
        'RegisteredModelNotFound',
        `Registered Model with name=${message.name} not found`,
      );
    }),
  ];
}
