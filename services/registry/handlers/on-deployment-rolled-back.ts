import { DeploymentRolledBack } from '#events/deployment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { moveAlias } from '../use-cases/move-alias.ts';
import { registryDeps } from './registry.ts';

const deps = registryDeps();

/** A person sent the traffic back to an earlier version: that one is champion again. A canary that was rolled back never was. */
export const handler = eventHandler(DeploymentRolledBack, async ({ detail: { metadata, data } }) => {
  const { project, modelVersion, toVersion, automatic, reason } = data;
  if (automatic || toVersion === undefined) return;
  await moveAlias(
    deps,
    {
      project,
      alias: 'champion',
      modelVersion: toVersion,
      reason: `rollback: ${reason}`,
      onlyFrom: modelVersion,
    },
    metadata,
  );
});
